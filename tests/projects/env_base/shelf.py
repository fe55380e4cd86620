import os

from sqlalchemy import Column, Integer, MetaData, String, Table

URL = os.environ["DATABASE_URL"]
LIBPQ_URL = URL.replace("+psycopg2", "").replace("+psycopg", "").replace("+asyncpg", "").replace("+pg8000", "")

metadata = MetaData()
books = Table("books", metadata, Column("id", Integer, primary_key=True), Column("title", String(200)))

"""Where an extension is to be had that a throwaway server lacks."""

from schemalint.throwaway.server import Server

IMAGES = {
    # Part of PostgreSQL, but left out of one wheel or another; the official images have them.
    **dict.fromkeys(
        ("jsonb_plperl", "jsonb_plpython3u", "pgcrypto", "sslinfo", "uuid-ossp", "xml2"), "postgres:{major}"
    ),
    "postgis": "postgis/postgis:{major}-3.5",
    "postgis_raster": "postgis/postgis:{major}-3.5",
    "postgis_topology": "postgis/postgis:{major}-3.5",
    "timescaledb": "timescale/timescaledb:latest-pg{major}",
    "vector": "pgvector/pgvector:pg{major}",
}


def extension_advice(name: str, server: Server) -> str:
    """Return a sentence for a user whose migration asks `server` for an extension that it does not have."""
    image = IMAGES.get(name, "").format(major=server.major)
    chosen = f'image = "{image}"' if image else "image = ..., an image that has it,"
    return f"{server} does not have the extension {name}; {chosen} in [tool.schemalint] gives one that does"

"""`python -m schemalint` is the same as `schemalint`."""

from schemalint.cli import run

if __name__ == "__main__":
    run()

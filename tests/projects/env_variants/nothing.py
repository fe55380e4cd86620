"""Nobody to migrate: it does nothing and exits well."""

import sys

from alembic import context
from shelf import metadata

target_metadata = metadata
if not context.is_offline_mode():
    sys.exit()

from shop.models import Hero, Team

__all__ = ["Hero", "Team"]

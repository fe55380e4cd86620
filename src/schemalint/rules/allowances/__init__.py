"""Rules over the user's allowances themselves."""

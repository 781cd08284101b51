"""Pages for staff, mounted in the admin site."""

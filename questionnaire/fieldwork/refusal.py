"""What every part of fieldwork raises where it will not do what was asked."""


class Refused(Exception):
    """What was asked cannot be done; the message says why, in plain words."""

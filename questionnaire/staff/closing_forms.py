"""The form in which an owner brings the private key. What is brought is never shown again and never stored."""

from django import forms
from django.utils.translation import gettext_lazy as _

from questionnaire import sealing

LONGEST = 4096  # bytes of a key file


class Unshown(forms.Textarea):
    """A text field that never repeats what was typed, on a page that comes back with an error either."""

    def format_value(self, value: object) -> str:
        return ""


class KeyForm(forms.Form):
    """The private key, as text or as a file. `private` is in the cleaned data, in no other place."""

    key = forms.CharField(
        label=_("Private key"),
        required=False,
        max_length=LONGEST,
        widget=Unshown(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Paste all of the key file here, or choose the file below."),
    )
    key_file = forms.FileField(label=_("Key file"), required=False)

    def clean(self) -> dict[str, bytes]:
        cleaned = super().clean()
        text, file = cleaned.pop("key", ""), cleaned.pop("key_file", None)
        if self.errors:
            return {}
        if bool(text) == bool(file):
            raise forms.ValidationError(_("Paste the private key or choose its file: one of the two."))
        try:
            return {"private": _private(text or file.read(LONGEST).decode())}
        except ValueError:  # which may quote what it could not read
            raise forms.ValidationError(_("This is no private key. It is the file that “make_key” wrote.")) from None


def _private(text: str) -> bytes:
    """The 32 bytes of a private key. ValueError where the text is none."""
    read = getattr(sealing, "read_private", bytes.fromhex)
    return read(text.strip())

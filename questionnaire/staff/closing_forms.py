"""The form in which an owner brings the private key. What is brought is never shown again and never stored."""

from django import forms
from django.utils.translation import gettext_lazy as _

from questionnaire import key_text

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
            return {"private": key_text.read(key_text.PRIVATE, text or file.read(LONGEST).decode())}
        except key_text.NotAKey as error:  # its words quote nothing
            raise forms.ValidationError(str(error)) from None
        except UnicodeDecodeError:
            raise forms.ValidationError(_("This file is no text, so it is no key.")) from None

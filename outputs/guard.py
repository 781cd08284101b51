"""Decides who may do something on the results pages, and which releases someone sees beside others."""

from collections.abc import Callable
from functools import wraps

from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from outputs.releases import Published

User = AbstractBaseUser | AnonymousUser
View = Callable[..., HttpResponse]


def for_staff_who_may(permission: str) -> Callable[[View], View]:
    """A page for staff who may view releases and have this permission too. It is opened to look, and posted to do."""

    def decorate(view: View) -> View:
        in_admin = admin.site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(view))

        @wraps(view)
        def guarded(request: HttpRequest, **kwargs) -> HttpResponse:
            may = admin.site.has_permission(request) and request.user.has_perms(["outputs.view_release", permission])
            if request.user.is_authenticated and not may:
                raise PermissionDenied
            return in_admin(request, **kwargs)

        return guarded

    return decorate


def seen_by(user: User) -> Callable[[Published], bool]:
    """Whether someone who may view releases sees this one: those of exact surveys need a permission of their own."""
    sees_exact = user.has_perm("outputs.view_exact_release")
    return lambda release: sees_exact or not release.is_exact


def may_see(user: User, release: Published) -> None:
    """Raise PermissionDenied where they do not."""
    if not seen_by(user)(release):
        raise PermissionDenied

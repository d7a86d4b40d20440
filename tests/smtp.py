"""A mail server of this machine's own, that keeps what it is given and answers what a test says."""

import socketserver
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from threading import Thread


@dataclass
class MailServer:
    """``answer(recipient)``: the answer to RCPT, "250 ok" unless a test says otherwise."""

    port: int = 0
    taken: list[Message] = field(default_factory=list)
    answer: Callable[[str], str] = lambda recipient: "250 ok"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    known = MailServer()

    class Conversation(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline().decode().strip():
                word = line[:4].upper()
                if word == "DATA":
                    self.say("354 go on")
                    lines = []
                    while (text := self.rfile.readline()) != b".\r\n":
                        lines.append(text)
                    known.taken.append(message_from_bytes(b"".join(lines)))
                    self.say("250 taken")
                elif word == "RCPT":
                    self.say(known.answer(line.partition("<")[2].partition(">")[0]))
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        known.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield known
        finally:
            server.shutdown()
            thread.join()

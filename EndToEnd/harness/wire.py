"""What lies between the app and a provider, and is not either's to see: a forwarder of bytes on loopback, whose connections
can be reset, or fall silent as those do that a firewall has forgotten."""

import asyncio
import contextlib
import socket
import struct
import threading

#: SO_LINGER with no time: closing sends a reset.
RESET = struct.pack("ii", 1, 0)


class Wire:
    """From `port` at `host` to a port of 127.0.0.1, in a thread of its own."""

    def __init__(self, to, port=0, host="127.0.0.1"):
        self.to, self.host = to, host
        self.listener = socket.create_server((host, port), backlog=1024)
        self.port = self.listener.getsockname()[1]
        self.near = set()
        self.accepted = 0
        #: Connections that were made until then are neither answered nor closed; new ones are served.
        self.silent = set()
        #: Those that a further byte of the app resets.
        self.forgotten = set()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        self.call(self.serve())
        return self

    def __exit__(self, *_):
        self.call(self.close())
        self.call(self.end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    async def serve(self):
        self.server = await asyncio.start_server(self.connect, sock=self.listener)

    async def close(self):
        """Nobody listens any more, and nothing that comes on the connections that there are is answered."""
        self.server.close()
        self.silent |= self.near
        self.listener.close()

    async def end(self):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def connect(self, reader, writer):
        self.near.add(writer)
        self.accepted += 1
        there = None
        try:
            far_reader, there = await asyncio.open_connection("127.0.0.1", self.to)
            await asyncio.gather(self.pass_on(reader, there, writer), self.pass_on(far_reader, writer, writer))
        except (OSError, asyncio.CancelledError):
            writer.close()
        finally:
            if there:
                there.close()
            for known in (self.near, self.silent, self.forgotten):
                known.discard(writer)

    async def pass_on(self, reader, writer, near):
        """What comes, until it ends; the end is passed on as well."""
        while part := await reader.read(65536):
            if near in self.forgotten and near is not writer:
                near.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                near.transport.abort()
            elif near not in self.silent:
                writer.write(part)
                await writer.drain()
        if near not in self.silent:
            writer.close()

    def connections(self):
        """How many there are that have not fallen silent."""
        return len(self.near - self.silent)

    def fall_silent(self):
        self.loop.call_soon_threadsafe(lambda: self.silent.update(self.near))

    def forget(self):
        """As a balancer does that was started again: what comes on a connection it does not know is answered with a reset."""
        self.loop.call_soon_threadsafe(lambda: self.forgotten.update(self.near))


@contextlib.contextmanager
def silent_machine(host, port):
    """Whoever connects there gets no answer at all: a listener whose queue is full."""
    with contextlib.ExitStack() as held:
        held.enter_context(socket.create_server((host, port), backlog=0))
        with contextlib.suppress(TimeoutError):
            while True:
                held.enter_context(socket.create_connection((host, port), 0.2))
        yield

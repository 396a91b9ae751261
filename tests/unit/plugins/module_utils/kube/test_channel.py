import time

import pytest
from kubernetes.stream.ws_client import create_websocket

from ansible_collections.slipway.lab.plugins.module_utils.kube.channel import (
    ERROR,
    STDERR,
    STDOUT,
    Channel,
)
from support.command_server import BINARY, CLOSE, PING, PONG, client_of, serve_command


@pytest.fixture
def connect():
    """Open a channel to a command that is a function here."""
    opened = []

    def start(command, limit=1 << 30):
        server = serve_command(command)
        transport = client_of(server).transport
        url = server.url.replace("http", "ws") + "/exec"
        websocket = create_websocket(transport.configuration, url, transport.websocket_headers())
        channel = Channel(websocket, limit)
        opened.extend([channel, server])
        return channel

    yield start
    for one in opened:
        one.close()


def finish(channel):
    end = time.monotonic() + 5
    while channel.is_open:
        assert time.monotonic() < end
        channel.exchange(1)


def test_a_message_in_several_frames_belongs_to_one_stream(connect):
    def command(it):
        it.send(BINARY, bytes([STDERR]) + b"a", is_last=False)
        it.send(0, b"b", is_last=False)
        it.send(0, b"c")
        it.end()

    channel = connect(command)
    finish(channel)
    assert channel.streams[STDERR] == b"abc"


def test_a_frame_that_arrives_in_pieces_is_one(connect):
    def command(it):
        whole = b"\x82\x05" + bytes([STDOUT]) + b"four"
        for byte in whole:
            it.connection.sendall(bytes([byte]))
            time.sleep(0.01)
        it.end()

    channel = connect(command)
    finish(channel)
    assert channel.streams[STDOUT] == b"four"


def test_a_ping_in_the_middle_of_the_input_is_answered_between_its_frames(connect):
    def command(it):
        it.send(PING, b"are you there")
        it.write(STDOUT, next(data for kind, data in it.frames() if kind == PONG))
        it.end()

    channel = connect(command)
    channel.write_input(b"x" * (8 << 20))
    finish(channel)
    assert channel.streams[STDOUT] == b"are you there"


def test_signals_and_empty_frames_are_no_output(connect):
    def command(it):
        it.write(STDOUT, b"")
        it.send(BINARY, b"")
        it.send(PONG, b"x")
        it.send(BINARY, bytes([255, STDOUT]))
        it.end()

    channel = connect(command)
    finish(channel)
    assert channel.streams[STDOUT] == channel.streams[STDERR] == b""
    assert channel.streams[ERROR]


@pytest.mark.parametrize(("size", "is_cut"), [(4, False), (5, True)])
def test_a_stream_is_kept_up_to_the_limit(connect, size, is_cut):
    def command(it):
        it.write(STDOUT, b"x" * size)
        it.send(CLOSE, b"")

    channel = connect(command, limit=4)
    finish(channel)
    assert (channel.streams[STDOUT], channel.is_cut) == (b"xxxx", is_cut)


def test_an_exchange_waits_no_longer_than_it_may(connect):
    channel = connect(lambda it: list(it.frames()))
    began = time.monotonic()
    channel.exchange(0.05)
    assert 0.04 < time.monotonic() - began < 2

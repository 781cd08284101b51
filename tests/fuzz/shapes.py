"""Lines and pieces that no HTTP client should send, by what they stand for in a message. Data, and nothing else."""

REQUEST_LINES = (
    b"GET /s/demo/", b"GET", b"", b" ", b"GET /  HTTP/1.1", b"GET\t/\tHTTP/1.1", b"GET / HTTP/1.1 x",
    b"GET / HTTP/9.9", b"GET / HTTP/11", b"GET / http/1.1", b"GET / HTTP/1.0", b"GET / ICY/1.1", b"/ HTTP/1.1",
    b"GET s/demo/ HTTP/1.1",
    b"GET ? HTTP/1.1", b"CONNECT 127.0.0.1:1 HTTP/1.1", b"OPTIONS * HTTP/1.1", b"GET /\x00 HTTP/1.1", b"QUIT",
    b"EHLO x",
    b"GET /\rX: y HTTP/1.1", b"\xff\xfe /\x80 HTTP/1.1", b"G" * 9000 + b" / HTTP/1.1", b"\x05\x01\x00",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1", b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1",
    b"\r\n\r\nGET / HTTP/1.1", b"GET http://127.0.0.1:1/s/demo/supervisor/ HTTP/1.1", b"GET /s/demo/supervisor/ HTTP/x",
    b"GET /%73/demo/supervisor/ HTTP/7", b"GET //s//demo//supervisor/ HTTP/1.1", b"POST /s/demo/supervisor/ HTTP/1.1",
)  # fmt: skip

HEADER_LINES = (
    b"X", b": y", b" X: y", b"X: y\r\n z", b"X: y\r\n\tz", b"X : y", b"X\x00: y", b"X: \x00", b"X: a\rb", b"X: a\nb",
    b"X: \x7f", b"\xc3\x84: y", b"X: " + b"y" * 100_000, b"X" * 100_000 + b": y", b"\r\n".join([b"X: y"] * 200),
    b"\r\n".join(b"X%d: y" % number for number in range(5000)), b"Host: localhost", b"Host: example.org",
    b"Content-Length: 0, 0", b"Content-Length: -1", b"Content-Length: +1", b"Content-Length: 1e3", b"Content-Length:",
    b"Content-Length: 0x10", b"Content-Length: \xb2", b"Content-Length: " + b"9" * 30, b"Cookie: a\r\nCookie: b",
    b"Connection: keep-alive, close, \xff", b"Expect: 100-continue\r\nContent-Length: 5", b"Upgrade: h2c",
    b"HTTP2-Settings: \xff\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings", b"SCRIPT_NAME: /x",
    b"Referer: http://127.0.0.1/s/demo/supervisor/\x00", b"Cookie interview=x",
)  # fmt: skip

# What stands before a chunked form that another request follows: two servers may not agree where the one ends.
FRAMINGS = (
    b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    b"Transfer-Encoding : chunked\r\nContent-Length: 9\r\n",
    b"transfer-encoding: CHUNKED\r\n", b"Transfer-Encoding: xchunked\r\nContent-Length: 9\r\n",
    b"Transfer-Encoding: chunked, identity\r\n", b"Transfer-Encoding: identity\r\nContent-Length: 9\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n", b"Transfer-Encoding:\x0bchunked\r\nContent-Length: 9\r\n",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: junk\r\n",
    b"Transfer_Encoding: chunked\r\nContent-Length: 9\r\n",
    b"X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 9\r\n", b"TE: chunked\r\nContent-Length: 9\r\n",
    b"Transfer-Encoding: \r\nContent-Length: 9\r\n", b"Transfer-Encoding: chunked;q=0\r\n",
)  # fmt: skip

CHUNKS = (
    b"zz\r\n", b"-1\r\n\r\n", b"f" * 40 + b"\r\nx", b"0x5\r\nhello\r\n0\r\n\r\n", b"5;a=" + b"b" * 9000 + b"\r\n", b"",
    b"5\nhello\n0\n\n", b"5\r\nhello", b"5\r\nhelloXX0\r\n\r\n", b"0\r\nHost: x\r\n\r\n", b"0\r\nX: y\r\n\r\n", b"\r\n",
    b"1\r\na\r\n" * 3000 + b"0\r\n\r\n", b" 5\r\nhello\r\n0\r\n\r\n", b"5 \r\nhello\r\n0\r\n\r\n", b"0\r\n",
    b"5\r\nhello\r\n0\r\n" + b"X: y\r\n" * 500 + b"\r\n", b"100000\r\n" + b"c" * 0x100000 + b"\r\n0\r\n\r\n",
)  # fmt: skip

OTHER_PROTOCOLS = (
    bytes.fromhex("16030100510100004d0303") + b"\x5a" * 32 + bytes.fromhex("000004130113020100"),  # a hello of TLS
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes.fromhex("00000004000000000000000401050000000182848641"),
    b"\x00" * 5000, b"\n" * 5000, b"\r\n" * 2000, b"SSH-2.0-x\r\n", b"*1\r\n$4\r\nPING\r\n", b"GET /\r\n",
)  # fmt: skip

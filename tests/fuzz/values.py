"""Pieces of well-formed requests that mean no good: for addresses, headers and cookies. Data, and nothing else."""

JUNK = (
    b"%00", b"%0a", b"%0d%0aSet-Cookie:%20interview=x", b"%ff", b"%c0%af", b"%e2%80%ae", b"%f0%9f%92%a9", b"%ed%a0%80",
    b"%ef%bb%bf", b"%", b"%zz", b"%u0041", b"%2500", b"..", b"%2e%2e", b"..%2f..%2f..%2fetc%2fpasswd", b"..;", b";a=b",
    b"\\", b"%5c..%5c", b"'", b'"', b"<script>", b"{{7*7}}", b"{%25+debug+%25}", b"a" * 900, b"9" * 2000, b"-1",
    b"\x01", b" ", b"~", b"*", b"#", b"[", b"@127.0.0.1", b"|", b".git", b".env", b"wp-login.php", b"1+OR+1=1", b"\xe9",
)  # fmt: skip
QUERIES = (
    b"", b"", b"", b"?", b"?lost", b"?lost=%00&lost=%ff", b"?%", b"?a[]=1&a[0][b]=2", b"?" + b"a&" * 900,
    b"?" + b"x" * 2000, b"?next=//example.org", b"?next=%00", b"?next=javascript:alert(1)", b"??=&&=?", b"?\xff\xfe",
    b"?q=%ed%a0%80", b"?" + b"&".join(b"f%d=1" % n for n in range(300)), b"?a=%u0000;b=1", b"?_popup=1&e=1", b"?p=-1",
)  # fmt: skip

HOSTS = (
    b"", b"example.org", b"127.0.0.1:99999999", b"[::1", b"a b", b"localhost:0", b"\xff", b"x" * 700, b"..", b"/",
)  # fmt: skip
CHARSETS = (
    b"utf-8", b"utf-7", b"utf-16", b"idna", b"punycode", b"hex", b"base64", b"rot13", b"zlib", b"undefined", b"nul",
    b"unicode_escape", b"latin-1", b"cp037", b"mbcs", b'""', b"'", b"\xff", b"../../x", b"a" * 2000,
)  # fmt: skip
CONTENT_TYPES = (
    b"application/x-www-form-urlencoded", b"multipart/form-data", b"multipart/form-data; boundary=" + b"b" * 300,
    b"multipart/form-data; boundary=", b'multipart/form-data; boundary="a;b"', b"multipart/form-data; boundary*=x''y",
    b"multipart/mixed; boundary=b", b"application/json", b"text/xml", b"*/*", b"", b";", b"a/b/c", b"text/html;" * 500,
    b"text/html; charset*=nowhere'en'utf-8", b"text/html; charset*=idna'en'%ff", b"text/html; a*0=b; a*2=c; a*=d",
    b"application/x-www-form-urlencoded; charset*0*=hex''%", b"TEXT/HTML\xff", b'text/html; x="\\',
)  # fmt: skip
HEADERS = (
    (b"Accept-Language", b"en,,;q=,;q=9e999,x-" + b"a" * 2000), (b"Accept-Language", b"*;q=-1, \xff\xfe"),
    (b"Accept-Encoding", b"gzip;q=nan, br;q=, *"), (b"Accept", b"text/html;q=a;q=b;" * 200), (b"Range", b"bytes=9-1"),
    (b"Range", b"bytes=-99999999999999999999"), (b"Range", b"bytes=0-0," * 800 + b"1-"), (b"Range", b"lines=a-b"),
    (b"If-Modified-Since", b"Mon, 99 Foo 99999 99:99:99 +99999"), (b"If-Modified-Since", b",,, ;"),
    (b"If-Modified-Since", b"0" * 400), (b"If-None-Match", b'W/"' + b'"' * 300), (b"If-Range", b"junk"),
    (b"X-Forwarded-For", b"1.2.3.4, junk, ::1" * 50), (b"X-Forwarded-Proto", b"https"), (b"X-Forwarded-Proto", b"\xff"),
    (b"X-Forwarded-Host", b"example.org"), (b"X-Forwarded-Port", b"-1"), (b"X-Forwarded-Ssl", b"on"),
    (b"X-Forwarded-Protocol", b"ssl"), (b"Forwarded", b"for=;host=;proto=https"), (b"X-HTTP-Method-Override", b"PUT"),
    (b"X-Original-URL", b"/admin/"), (b"X-Rewrite-URL", b"/admin/"), (b"SCRIPT_NAME", b"/elsewhere"),
    (b"SCRIPT_NAME", b"/s"), (b"Script-Name", b"/s"), (b"PATH_INFO", b"/admin/"), (b"REMOTE_USER", b"staff"),
    (b"X_Forwarded_For", b"junk"), (b"X-CSRFToken", b"x" * 64), (b"X-CSRFToken", b"\xff" * 32),
    (b"Origin", b"null"), (b"Origin", b"http://["), (b"Origin", b"https://example.org"), (b"Referer", b"http://["),
    (b"Referer", b"http://127.0.0.1/s/demo/supervisor/?\xff"), (b"Authorization", b"Basic " + b"=" * 500),
    (b"Expect", b"100-continue"), (b"Expect", b"the worst"), (b"Upgrade", b"websocket"), (b"Upgrade", b"h2c"),
    (b"TE", b"trailers, x"), (b"Connection", b"close"), (b"Connection", b"upgrade, HTTP2-Settings"), (b"Via",
    b"," * 999),
    (b"User-Agent", b"() { :;}; echo"), (b"User-Agent", b"\x80" * 4000), (b"X-Requested-With", b"XMLHttpRequest"),
    (b"Max-Forwards", b"-1"), (b"DNT", b""), (b"X" * 4000, b"y"), (b"Cache-Control", b"max-age=\xff"),
)  # fmt: skip

COOKIES = (
    b"csrftoken=", b"csrftoken=x", b"csrftoken=" + b"a" * 32, b"csrftoken=" + b"\xff" * 32, b'csrftoken="\\000"', b"=",
    b"sessionid=", b"sessionid=" + b"z" * 32, b"sessionid=" + b"\xe2\x98\x83" * 9, b"sessionid=" + b"s" * 6000, b"=x",
    b'sessionid="' + b"\\000" * 12 + b'"', b'sessionid="\\"', b"messages=" + b"x" * 99, b";;;", b"a", b"interview",
    b'interview="', b"$Version=1", b"__proto__=1", b"a=" * 400, b"interview=x; interview=y",
)  # fmt: skip

import HTTPMessages
import Testing

@Suite("IP addresses")
struct IPAddressTests {
    @Test(
        "Every text form of RFC 4291 §2.2 is read, and written as RFC 5952 wants it",
        arguments: [
            // RFC 4291 §2.2 and §2.5.
            ("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"),
            ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"),
            ("2001:DB8::8:800:200C:417A", "2001:db8::8:800:200c:417a"),
            ("FF01:0:0:0:0:0:0:101", "ff01::101"), ("FF01::101", "ff01::101"),
            ("0:0:0:0:0:0:0:1", "::1"), ("::1", "::1"), ("0:0:0:0:0:0:0:0", "::"), ("::", "::"),
            ("0:0:0:0:0:0:13.1.68.3", "::d01:4403"), ("::13.1.68.3", "::d01:4403"),
            ("2001:0DB8:0000:CD30::", "2001:db8:0:cd30::"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
            // RFC 5952 §2 and §4: leading zeros, the first of the longest runs, no run of one.
            ("2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"),
            ("2001:db8::0:1", "2001:db8::1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
            ("1::", "1::"), ("::8:7:6:5:4:3:2", "0:8:7:6:5:4:3:2"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("0:0:3:4:5:6:0:0", "::3:4:5:6:0:0"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
            // IPv4, and IPv6 addresses that stand for it (RFC 4291 §2.5.5.2).
            ("0.0.0.0", "0.0.0.0"), ("127.0.0.1", "127.0.0.1"), ("255.255.255.255", "255.255.255.255"),
            ("::ffff:192.0.2.1", "192.0.2.1"), ("::FFFF:c000:201", "192.0.2.1"),
            ("0000:0000:0000:0000:0000:ffff:255.255.255.255", "255.255.255.255"),
            ("::fffe:192.0.2.1", "::fffe:c000:201"), ("1::ffff:192.0.2.1", "1::ffff:c000:201"),
        ])
    func forms(_ text: String, _ canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
        #expect(address.isIPv4 == !canonical.contains(":"))
    }

    @Test(
        "What others read as a number in octal or hexadecimal, or fill up, is no IPv4 address",
        arguments: [
            "0177.0.0.1", "01.2.3.4", "1.2.3.04", "00.0.0.0", "0x7f.0.0.1", "127.0.0.0x1", "2130706433", "0x7f000001",
            "127.1", "127.0.1", "1.2.3.4.5", "1.2.3.256", "1.2.3.1000", "1.2.3.99999999999999999999", "1.2.3.",
            ".1.2.3",
            "1..2.3", "1.2.3.-4", "+1.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4\0", "1.2.3.٤", "1.2.3.a", "1,2,3,4",
        ])
    func noVersion4(_ text: String) { #expect(IPAddress(text) == nil) }

    @Test(
        "What has groups too few, too many or too long, two gaps, a zone or a bracket is no IPv6 address",
        arguments: [
            "", ":", ":::", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
            "1:2:3:4::5:6:7:8", "1::2::3", "::1::", "1:::2", ":1::2", "1::2:", "12345::", "::00001", "g::", "::-1",
            "::+1",
            "::1%eth0", "fe80::1%1", "[::1]", "::1/128", "::1.2.3", "::1.2.3.4.5", "::01.2.3.4", "1.2.3.4::",
            "::1.2.3.4:5", "::1.2.3.4:1.2.3.4", "1.2.3.4::1", "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:1.2.3.4",
            "::ffff:1.2.3.256",
            "0:0:0:0:0:0:0:0000000000000000000000000000000000000000001",
            "0000:0000:0000:0000:0000:ffff:255.255.255.2550", "localhost", "unknown", "::１",
        ])
    func noVersion6(_ text: String) { #expect(IPAddress(text) == nil) }
}

@Suite("Trusted proxies")
struct TrustedProxiesTests {
    private func trusts(_ text: String, _ address: String) throws -> Bool {
        try TrustedProxies(text).contains(try #require(IPAddress(address)))
    }

    @Test(
        "An address stands for itself, a range for what begins as it does",
        arguments: [
            ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.6", false), ("192.0.2.7", "::c000:207", false),
            ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
            ("10.0.0.0/8", "9.255.255.255", false), ("192.0.2.128/25", "192.0.2.128", true),
            ("192.0.2.128/25", "192.0.2.127", false), ("192.0.2.7/32", "192.0.2.7", true),
            ("192.0.2.7/32", "192.0.2.6", false), ("0.0.0.0/0", "255.255.255.255", true), ("0.0.0.0/0", "::1", false),
            ("fd00::/8", "fdff::1", true), ("fd00::/8", "fc00::1", false), ("2001:db8::1", "2001:DB8:0::1", true),
            ("2001:db8::/33", "2001:db8:7fff::", true), ("2001:db8::/33", "2001:db8:8000::", false),
            ("::1/128", "::1", true), ("::1/128", "::", false), ("::/0", "ffff::", true), ("::/0", "10.0.0.1", false),
        ])
    func ranges(_ text: String, _ address: String, _ isTrusted: Bool) throws {
        #expect(try trusts(text, address) == isTrusted)
    }

    @Test("IPv4 written as IPv6 is the same address and the same range")
    func mapped() throws {
        #expect(try trusts("10.0.0.0/8", "::ffff:10.1.2.3"))
        #expect(try trusts("::ffff:10.0.0.0/104", "10.1.2.3"))
        #expect(try !trusts("::ffff:10.0.0.0/104", "11.1.2.3"))
        #expect(try TrustedProxies("::ffff:10.0.0.0/104") == TrustedProxies("10.0.0.0/8"))
    }

    @Test("A list has commas, and white space around its elements; loopback stands for this machine")
    func list() throws {
        let text = " 192.0.2.7,10.0.0.0/8 ,\tfd00::/8, loopback"
        for address in ["192.0.2.7", "10.1.1.1", "fd00::1", "127.0.0.1", "127.255.0.1", "::1", "::ffff:127.0.0.1"] {
            #expect(try trusts(text, address), "\(address)")
        }
        for address in ["192.0.2.8", "11.1.1.1", "fc00::1", "128.0.0.1", "::2"] {
            #expect(try !trusts(text, address), "\(address)")
        }
        #expect(!TrustedProxies().contains(try #require(IPAddress("127.0.0.1"))))
    }

    @Test(
        "An element that is no address and no range is refused by name, with a remedy",
        arguments: [
            ("", .address, ""), ("10.0.0.0/8,", .address, ""), ("10.0.0.1,,::1", .address, ""),
            ("localhost", .address, "localhost"), ("10.0.0.1, proxy.example", .address, "proxy.example"),
            ("10.0.0.1 10.0.0.2", .address, "10.0.0.1 10.0.0.2"), ("10.0.0/8", .address, "10.0.0/8"),
            ("10.*", .address, "10.*"), ("*", .address, "*"), ("Loopback", .address, "Loopback"),
            ("loopback/8", .address, "loopback/8"), ("[::1]", .address, "[::1]"),
            ("fe80::1%eth0", .address, "fe80::1%eth0"),
            ("010.0.0.0/8", .address, "010.0.0.0/8"), ("10.0.0.1:80", .address, "10.0.0.1:80"),
            ("10.0.0.0/", .prefixLength, "10.0.0.0/"), ("10.0.0.0/33", .prefixLength, "10.0.0.0/33"),
            ("10.0.0.0/08", .prefixLength, "10.0.0.0/08"), ("10.0.0.0/+8", .prefixLength, "10.0.0.0/+8"),
            ("10.0.0.0/-1", .prefixLength, "10.0.0.0/-1"), ("10.0.0.0/8/8", .prefixLength, "10.0.0.0/8/8"),
            ("10.0.0.0/255.0.0.0", .prefixLength, "10.0.0.0/255.0.0.0"), ("fd00::/129", .prefixLength, "fd00::/129"),
            ("fd00::/99999999999999999999", .prefixLength, "fd00::/99999999999999999999"),
            ("10.0.0.1/8", .hostBits, "10.0.0.1/8"), ("10.0.0.1/31", .hostBits, "10.0.0.1/31"),
            ("fd00::1/8", .hostBits, "fd00::1/8"), ("::1/0", .hostBits, "::1/0"),
            ("::ffff:0:0/95", .hostBits, "::ffff:0:0/95"),
        ] as [(String, TrustedProxiesError.Code, String)])
    func refused(_ text: String, _ code: TrustedProxiesError.Code, _ element: String) {
        let error = #expect(throws: TrustedProxiesError.self) { try TrustedProxies(text) }
        #expect(error?.code == code)
        #expect(error?.element == element)
        #expect(error?.remedy.isEmpty == false)
    }

    @Test("A range with bits behind its prefix is told what to be written as")
    func hostBits() {
        let error = #expect(throws: TrustedProxiesError.self) { try TrustedProxies("10.1.2.3/8") }
        #expect(error?.remedy == "Write the range as 10.0.0.0/8, or 10.1.2.3 for this one address.")
    }
}

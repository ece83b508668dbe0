import Glibc

/// Whether the text is an IPv4 address of four decimal numbers, or an IPv6 address without brackets and zone.
func isIPAddress(_ text: String) -> Bool {
    var version4 = in_addr()
    var version6 = in6_addr()
    return inet_pton(AF_INET, text, &version4) == 1 || inet_pton(AF_INET6, text, &version6) == 1
}

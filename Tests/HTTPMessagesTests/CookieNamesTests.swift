import Testing

@testable import HTTPMessages

@Suite("The names of cookies")
struct CookieNamesTests {
    @Test("each name that came is told once, in order")
    func names() {
        #expect(Cookies(["a=1"]).names == ["a"])
        #expect(Cookies(["b=1; a=2; b=3", "c=4"]).names == ["b", "a", "c"])
        #expect(Cookies([]).names.isEmpty)
    }
}

@main
enum OIDCDemo {
    static func main() async {}
}

import FoundationEssentials
import Glibc

/// The program. The environment is read here and nowhere else.
@main
enum OIDCDemo {
    static func main() async {
        let status = await run(
            arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment)
        exit(status)
    }
}

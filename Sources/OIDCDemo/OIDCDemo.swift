import FoundationEssentials
import Glibc

/// The program. The environment is read here and nowhere else.
@main
enum OIDCDemo {
    static func main() async {
        let status = await run(
            commandLine: CommandLine.arguments, environment: ProcessInfo.processInfo.environment)
        exit(status)
    }
}

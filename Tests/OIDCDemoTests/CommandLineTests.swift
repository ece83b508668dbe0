import Testing

@testable import OIDCDemo

@Suite("The command line")
struct CommandLineTests {
    @Test(
        "arguments say what to do",
        arguments: [
            ([], CommandLineOptions.serve(environmentFile: nil)), (["--help"], .help), (["-h"], .help),
            (["--version"], .version), (["--env-file", ".env"], .serve(environmentFile: ".env")),
            (["--env-file=.env"], .serve(environmentFile: ".env")), (["check"], .check(.init())),
            (["check", "google", "--json"], .check(.init(provider: "google", isJSON: true))),
            (["--env-file", "e", "check", "--json"], .check(.init(isJSON: true, environmentFile: "e"))),
            (["check", "--env-file=e", "check"], .check(.init(provider: "check", environmentFile: "e"))),
            (["check", "--help"], .help),
        ])
    func options(_ arguments: [String], _ options: CommandLineOptions) throws {
        #expect(try CommandLineOptions(arguments) == options)
    }

    @Test(
        "an unknown argument, or an option without its value, is refused",
        arguments: [["--env-file"], ["-x"], ["a"], ["--json"], ["check", "a", "b"], ["check", "-x"]])
    func refused(_ arguments: [String]) {
        #expect(throws: SettingProblem.self) { try CommandLineOptions(arguments) }
    }

    @Test("the help names every setting that this version follows")
    func help() {
        let later: Set<Setting> = [.responseType, .resource]
        for setting in Setting.allCases where !later.contains(setting) {
            #expect(CommandLineOptions.helpText.contains(setting.rawValue), "\(setting.rawValue)")
        }
        #expect(CommandLineOptions.helpText.split(separator: "\n").allSatisfy { $0.count <= 120 })
    }
}

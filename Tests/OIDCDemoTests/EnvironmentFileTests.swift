import Testing

@testable import OIDCDemo

@Suite("The file of settings")
struct EnvironmentFileTests {
    @Test(
        "a line is read",
        arguments: [
            ("KEY=value", "value"), ("  KEY = value  ", "value"), ("export KEY=value", "value"), ("KEY=", ""),
            ("KEY=a=b", "a=b"), ("KEY=a b", "a b"), ("KEY=value # a comment", "value"), ("KEY=va#lue", "va#lue"),
            ("KEY=# nothing", ""), ("KEY='a # \\n \"b\"'", "a # \\n \"b\""), ("KEY=\"a # b\" # c", "a # b"),
            ("KEY=\"a\\nb\\t\\\"c\\\"\\\\ \\$d \\e\"", "a\nb\t\"c\"\\ $d \\e"), ("KEY=$OTHER", "$OTHER"),
            ("KEY=''", ""), ("\u{FEFF}KEY=value", "value"), ("KEY=value\r", "value"),
        ])
    func line(_ text: String, _ value: String) throws {
        #expect(try EnvironmentFile.parse(text, name: ".env") == ["KEY": value])
    }

    @Test("blank lines and comments are passed over")
    func nothing() throws {
        let text = "# comment\r\n\r\nA=1\r\n   # another\n\nB_2=2\n"
        #expect(try EnvironmentFile.parse(text, name: ".env") == ["A": "1", "B_2": "2"])
    }

    @Test(
        "a line that cannot be read is named by its number",
        arguments: ["KEY", "=value", "2KEY=value", "KEY-A=value", "A B=c", "KEY='open", "KEY=\"open\\\"", "KEY='a' b"])
    func malformed(_ text: String) {
        #expect {
            try EnvironmentFile.parse("A=1\n\(text)\n", name: ".env")
        } throws: { error in
            (error as? ConfigurationError)?.problems
                == [SettingProblem(.malformed, ".env, line 2,", "", remedy: "")]
        }
    }

    @Test("a key that is set twice is refused")
    func twice() {
        #expect(
            throws: ConfigurationError([SettingProblem(.conflicting, ".env, line 3,", "", remedy: "")])
        ) { try EnvironmentFile.parse("A=1\nB=2\nA=3", name: ".env") }
    }

    @Test("no message shows a value")
    func secrets() {
        #expect {
            try EnvironmentFile.parse("KEY='CANARY\nKEY=1\nKEY=CANARY\nCANARY", name: ".env")
        } throws: { error in
            (error as? ConfigurationError)?.problems.contains { $0.description.contains("CANARY") } == false
        }
    }
}

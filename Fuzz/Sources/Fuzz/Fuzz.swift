import Glibc

/// `Fuzz TARGET [option of libFuzzer | corpus | input]…`
@main
enum Fuzz {
    static let targets: [String: any FuzzTarget.Type] = [
        "accesstoken": AccessTokenTarget.self, "base64url": Base64URLTarget.self, "callback": CallbackTarget.self,
        "cookies": CookiesTarget.self,
        "idtoken": IDTokenTarget.self, "json": JSONTarget.self, "jwkset": JWKSetTarget.self, "jws": JWSTarget.self,
        "logouttoken": LogoutTokenTarget.self, "metadata": MetadataTarget.self, "next": NextTarget.self,
        "sealed": SealedTarget.self, "session": SessionTarget.self, "text": TextTarget.self,
        "tokens": TokensTarget.self, "transaction": TransactionTarget.self,
    ]

    /// The target that the command line names.
    static let chosen: any FuzzTarget = {
        do {
            guard let type = CommandLine.arguments.dropFirst().first.flatMap({ targets[$0] }) else {
                throw Finding("usage: Fuzz TARGET …, one of \(targets.keys.sorted().joined(separator: " "))")
            }
            return try type.init()
        } catch {
            print(error)
            exit(64)
        }
    }()

    static func main() {
        _ = chosen
        // libFuzzer reads what is left, and does not come back but to end.
        let arguments = CommandLine.arguments
        let left = [arguments[0]] + arguments.dropFirst(2)
        var count = CInt(left.count)
        var pointers = unsafe left.map { unsafe strdup($0) } + [nil]
        unsafe pointers.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            _ = unsafe runDriver(&count, &start) { bytes, size in
                Fuzz.run(unsafe Array(UnsafeBufferPointer(start: bytes, count: size)))
                return 0
            }
        }
    }

    private static func run(_ input: [UInt8]) {
        do {
            try chosen.run(input)
        } catch {
            // For the eye, then for libFuzzer, which keeps the input.
            print("FINDING: \(error)")
            fflush(nil)
            abort()
        }
    }
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

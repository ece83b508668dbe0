import ByteText
import Sessions

/// What a connection says first, and what the answers have to be.
struct RedisLogin {
    let commands: [RedisCommand]
    private var answered = 0

    init(_ address: RedisAddress) {
        var commands: [RedisCommand] = []
        if let password = address.password ?? address.user.map({ _ in "" }) {
            let user = address.user.map { [Array($0)] } ?? []
            commands.append(RedisCommand("AUTH", user + [Array(password)]))
        }
        if address.database != 0 { commands.append(RedisCommand("SELECT", Array(address.database))) }
        // Always something, so that a server that does not answer is found out.
        commands.append(RedisCommand("CLIENT", Array("SETNAME"), Array("oidc-sessions")))
        self.commands = commands
    }

    var isDone: Bool { answered == commands.count }

    /// Throws the error of a refusal.
    mutating func take(_ reply: RedisReply, place: String) throws(SessionStoreError) {
        guard !isDone else { return }
        let command = commands[answered]
        answered += 1
        switch reply {
        case .status(let word) where word.isExactly("OK"): break
        // A user may be forbidden to give a connection its name, and does not need to.
        case .error(let error) where error.name.isExactly("NOPERM") && command.name.isExactly("CLIENT"): break
        case .error(let error): throw SessionStoreError(error, command: command.name, place: place)
        default: throw .garbled(place, "the answer to \(command.name) is another than \"OK\"")
        }
    }
}

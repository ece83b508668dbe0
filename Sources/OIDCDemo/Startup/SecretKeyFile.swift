import ByteText
import Cryptography
import Glibc
import JOSE
import Sessions

/// The secret that the app makes for itself, in a file that only its user may read.
struct SecretKeyFile {
    let path: String

    init(in directory: String) { path = directory + "/secret-key" }

    /// The secrets in the file, which is made with one of 256 bits where there is none.
    ///
    /// Throws a problem where the file cannot be made or read, is not a file of this user, may be read by others, or holds
    /// no secret.
    func secrets(using generator: inout some RandomNumberGenerator) throws(SettingProblem) -> SecretKeys {
        let descriptor = try open(using: &generator)
        defer { close(descriptor) }
        try check(descriptor)
        guard let bytes = readAll(descriptor, limit: 64 << 10) else {
            throw problem("cannot be read: \(systemError())", remedy: Self.otherwise)
        }
        let secrets = String(decoding: bytes, as: UTF8.self).utf8.words(separatedBy: ",").map(trimmed)
        do {
            return try SecretKeys(secrets)
        } catch {
            throw problem(
                "holds no secret of at least 32 bytes",
                remedy: "Remove it, and the app makes a new one; whoever is logged in then logs in again.")
        }
    }

    private func open(using generator: inout some RandomNumberGenerator) throws(SettingProblem) -> Int32 {
        for _ in 0..<2 {
            // Not through a symbolic link, and not waiting for the other end of a pipe.
            let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            if descriptor >= 0 { return descriptor }
            guard errno == ENOENT else { break }
            try make(using: &generator)
        }
        throw problem("cannot be opened: \(systemError())", remedy: Self.otherwise)
    }

    /// Writes the secret beside its place and links it there whole: of two apps that start at once, the first one's
    /// secret stays, and both read it.
    private func make(using generator: inout some RandomNumberGenerator) throws(SettingProblem) {
        let secret = Base64URL.encode(randomBytes(32, using: &generator))
        let draft = "\(path).\(Base64URL.encode(randomBytes(9, using: &generator)))"
        let descriptor = Glibc.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw problem("cannot be made: \(systemError())", remedy: Self.otherwise) }
        defer { unlink(draft) }
        let isWritten = writeAll(Array((secret + "\n").utf8), to: descriptor) && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, link(draft, path) == 0 || errno == EEXIST else {
            throw problem("cannot be written: \(systemError())", remedy: Self.otherwise)
        }
    }

    private func check(_ descriptor: Int32) throws(SettingProblem) {
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            throw problem("is no plain file", remedy: "Remove it, and the app makes one.")
        }
        guard information.st_uid == geteuid() else {
            throw problem(
                "belongs to another user, who knows the secret",
                remedy: "Remove it, and the app makes one; or set SECRET_KEY.")
        }
        guard information.st_mode & 0o077 == 0 else {
            let mode = String(information.st_mode & 0o777, radix: 8)
            throw problem(
                "may be used by others (mode \(mode))",
                remedy: "If nobody else has read it, run: chmod 600 \(path). Else remove it: the app makes one.")
        }
    }

    private static let otherwise = "Let the app's user do so, name another DATA_DIR, or set SECRET_KEY."

    private func problem(_ what: String, remedy: String) -> SettingProblem {
        SettingProblem(.unusable, path, what, remedy: remedy)
    }
}

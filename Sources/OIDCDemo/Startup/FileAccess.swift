import Glibc

/// Who can do what with a file or a directory that the app relies on, and whether it serves all the same: the table of
/// `docs/deployment.md`.
struct FileAccess: Sendable, Hashable {
    /// What the app has it for.
    enum Purpose: Sendable {
        /// A file with a secret, which a setting names. Containers hand secrets over in files that everybody may read.
        case secret
        /// The directory for what the app makes itself.
        case data
        /// A directory above that.
        case parent
        /// The database of sessions. Its store refuses what must not be.
        case database
    }

    /// Whether it serves.
    enum Verdict: Sendable, Hashable {
        case fine
        /// It serves, and whoever runs the app is told.
        case warned(String)
        case refused(String)
    }

    let owner: uid_t
    /// The permissions, with the sticky bit.
    let mode: mode_t

    init(owner: uid_t, mode: mode_t) {
        self.owner = owner
        self.mode = mode & 0o7777
    }

    /// Follows symbolic links, by which Kubernetes hands secrets over. `nil` where there is nothing, or a pipe or the like,
    /// which nobody else reads.
    init?(path: String) {
        var information = stat()
        guard stat(path, &information) == 0 else { return nil }
        self.init(information)
    }

    /// The same of an open file.
    init?(descriptor: Int32) {
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { return nil }
        self.init(information)
    }

    private init?(_ information: stat) {
        guard [S_IFREG, S_IFDIR].contains(information.st_mode & S_IFMT) else { return nil }
        self.init(owner: information.st_uid, mode: information.st_mode)
    }

    /// Whether it serves an app that runs as `user`.
    func verdict(for purpose: Purpose, user: uid_t = geteuid()) -> Verdict {
        let isForeign = owner != user && owner != 0
        let (groupWrites, othersRead, othersWrite) = (mode & 0o020 != 0, mode & 0o004 != 0, mode & 0o002 != 0)
        switch purpose {
        case .secret where othersWrite: return .refused("can be changed by anybody")
        case .data where othersWrite: return .refused("is a directory in which anybody can put files")
        case .parent where othersWrite && mode & 0o1000 == 0:
            return .warned("anybody can put another directory in its place")
        case .parent: return .fine
        case _ where isForeign: return .warned("belongs to another user, who can read and change it")
        case _ where groupWrites: return .warned("can be changed by its group")
        case .secret where othersRead, .database where othersRead: return .warned("can be read by anybody")
        default: return .fine
        }
    }
}

extension SettingProblem {
    /// What is wrong with a file or directory that a setting names, in a warning or a refusal; `nil` where nothing is.
    init?(_ setting: String, _ path: String, _ access: FileAccess?, for purpose: FileAccess.Purpose) {
        guard let access else { return nil }
        switch access.verdict(for: purpose) {
        case .fine: return nil
        case .warned(let what), .refused(let what):
            let mode = String(access.mode, radix: 8)
            let place = purpose == .parent ? "lies below \(quoted(path)), where" : "names \(quoted(path)), which"
            self.init(
                .exposed, setting, "\(place) \(what) (mode \(mode), user \(access.owner))",
                remedy: Self.remedy(purpose, path))
        }
    }

    private static func remedy(_ purpose: FileAccess.Purpose, _ path: String) -> String {
        switch purpose {
        case .secret, .database: "Let it belong to the app's user, and run: chmod 600 \(path)."
        case .data:
            "Let it belong to the app's user, and run: chmod 700 \(path). Or name a directory inside it, which the app makes."
        case .parent: "Take the right to write there from others, or name a directory elsewhere."
        }
    }
}

extension Configuration {
    /// What others can do with the data directory, as a warning.
    ///
    /// Throws the problem where it cannot serve.
    func examineDataDirectory() throws(SettingProblem) -> [SettingProblem] {
        guard let directory = dataDirectory else { return [] }
        let setting = Setting.dataDirectory.rawValue
        let access = FileAccess(path: directory)
        let problem = SettingProblem(setting, directory, access, for: .data)
        if case .refused = access?.verdict(for: .data), let problem { throw problem }
        return [problem, Self.problemAbove(directory, of: setting)].compactMap(\.self)
    }

    /// What others can do with the database of sessions and the directories above it, as warnings.
    func examineDatabase() -> [SettingProblem] {
        let path: String
        switch sessionStore {
        case .sqlite(let file), .cookie(.sqlite(let file)): path = file
        default: return []
        }
        let setting = Setting.sessionStore.rawValue
        return [
            SettingProblem(setting, path, FileAccess(path: path), for: .database), Self.problemAbove(path, of: setting),
        ].compactMap(\.self)
    }

    /// What others can do with the nearest directory above a file or directory in which they can do anything.
    private static func problemAbove(_ path: String, of setting: String) -> SettingProblem? {
        parents(of: path).lazy.compactMap { SettingProblem(setting, $0, FileAccess(path: $0), for: .parent) }.first
    }

    /// The directories above a file or directory, symbolic links followed, the nearest first.
    private static func parents(of path: String) -> [String] {
        guard let resolved = realpath(path, nil) else { return [] }
        defer { free(resolved) }
        var parents: [String] = []
        var path = Substring(String(cString: resolved))
        while let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), path.utf8.count > 1 {
            path = path[..<slash]
            parents.append(path.isEmpty ? "/" : String(path))
        }
        return parents
    }
}

extension LogEntry {
    /// A warning about a setting.
    init(_ warning: SettingProblem) {
        self.init(.settingDoubtful, ["setting": warning.setting, "problem": warning.description])
    }
}

import CSQLite
import Sessions

extension SessionStoreError {
    /// The error of an SQLite result, with its own words for it.
    init(sqlite extendedCode: Int32, words: String, path: String) {
        let (code, remedy): (Code, String) =
            switch extendedCode & 0xFF {
            case SQLITE_BUSY, SQLITE_LOCKED:
                (.busy, "end the other process that keeps the file locked")
            case SQLITE_FULL:
                (.full, "make room on the disk")
            case SQLITE_CORRUPT:
                (.damaged, "restore the file, or move it away: everybody then logs in again")
            case SQLITE_NOTADB:
                (.foreign, "name another file: this one is no SQLite database")
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN, SQLITE_AUTH:
                (.notWritable, "let the process write the file and its directory")
            default:
                (.failed, "look at the disk and the system's log")
            }
        self.init(code, context: "\(path): SQLite says \"\(words)\" (\(extendedCode))", remedy: remedy)
    }
}

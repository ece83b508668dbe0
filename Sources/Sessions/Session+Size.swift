extension Session {
    /// The most bytes of a session, in every store: of its payload, its summary and its texts together.
    public static let maximumByteCount = 64 << 10

    /// The most bytes of a summary and the texts beside it that are kept for lists.
    private static let maximumSummaryByteCount = 8 << 10

    /// Throws ``SessionStoreError`` `.tooLarge` for a session that no store keeps.
    package func requireSize() throws(SessionStoreError) {
        let byteCount = payload.count + summaryByteCount
        guard byteCount > Self.maximumByteCount else { return }
        throw SessionStoreError(
            .tooLarge,
            context: "a session of \(byteCount) bytes is more than is kept, at most \(Self.maximumByteCount)",
            remedy: "ask for fewer scopes and claims")
    }

    /// What is kept beside the session for lists, with the summary in place of the payload; `nil` where lists read the
    /// session itself, since it has no summary or a large one.
    package var summarized: Session? {
        guard !summary.isEmpty, summaryByteCount <= Self.maximumSummaryByteCount else { return nil }
        return Session(
            payload: summary, issuer: issuer, subject: subject, providerSessionID: providerSessionID,
            createdAt: createdAt, lastUsedAt: lastUsedAt, expiresAt: expiresAt)
    }

    private var summaryByteCount: Int {
        [issuer, subject, providerSessionID].reduce(summary.count) { $0 + ($1?.utf8.count ?? 0) }
    }
}

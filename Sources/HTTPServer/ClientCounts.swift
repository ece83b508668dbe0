/// How many of something each client has. A client that has none takes no memory.
struct ClientCounts {
    private var counts: [Client: Int] = [:]

    subscript(client: Client) -> Int { counts[client, default: 0] }

    mutating func add(_ client: Client) { counts[client, default: 0] += 1 }

    mutating func remove(_ client: Client) {
        let left = self[client] - 1
        counts[client] = left > 0 ? left : nil
    }
}

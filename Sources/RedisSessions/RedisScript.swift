/// What Redis does in one go, in Lua. Keys that a script makes out of what it reads are no obstacle on a single Redis; on
/// Redis Cluster they would be.
struct RedisScript: Sendable {
    let text: String
    /// The SHA-1 of the text, by which Redis knows it once it has seen it.
    let digest: String

    /// Reads the head of a session (`RedisRow`), and takes a session out of its owners' indexes.
    private static let head = """
        local function head(key)
            local text = redis.pcall('GETRANGE', key, 0, 98)
            if type(text) ~= 'string' or #text < 99 or not text:find('^[12]') then return nil end
            local used, ends = tonumber(text:sub(2, 18)), tonumber(text:sub(19, 35))
            if not used or not ends then return nil end
            return { used = used, ends = ends, text:sub(36, 67), text:sub(68, 99) }
        end
        local function leave(old, prefix, member)
            for i = 1, 2 do redis.pcall('ZREM', prefix .. old[i], member) end
        end

        """

    /// Keeps a session. Keys: the session's, its owners'. Values: the prefix of owners, the session's digest, the row,
    /// time to live, now, its end, and for a session that has to be there, and not be over, the time since which it has
    /// to be used. Gives 0 where it is not.
    ///
    /// The row is written first: Redis refuses for want of memory only what a script writes first.
    static let save = RedisScript(
        text: head + """
            local old = head(KEYS[1])
            if ARGV[7] and not (old and old.ends > tonumber(ARGV[5]) and old.used > tonumber(ARGV[7])) then return 0 end
            local isOver = tonumber(ARGV[4]) <= 0
            if isOver then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4]) end
            if old then leave(old, ARGV[1], ARGV[2]) end
            for i = 2, isOver and 1 or #KEYS do
                local pruned = redis.pcall('ZREMRANGEBYSCORE', KEYS[i], '-inf', ARGV[5])
                if type(pruned) == 'table' then redis.call('DEL', KEYS[i]) end
                redis.call('ZADD', KEYS[i], ARGV[6], ARGV[2])
                local last = redis.call('ZREVRANGE', KEYS[i], 0, 0, 'WITHSCORES')[2]
                redis.call('PEXPIRE', KEYS[i], string.format('%.0f', last - ARGV[5]))
            end
            return 1
            """, digest: "4aa7fef352c9310fd050bd4e96082156bc9cdea1")

    /// Notes the use of a session. Key: the session's. Values: now, and milliseconds that it may be without use. Gives 0
    /// where it is gone.
    static let touch = RedisScript(
        text: head + """
            local old = head(KEYS[1])
            if not old then return 0 end
            local now = tonumber(ARGV[1])
            if old.used >= now then return 1 end
            redis.call('SETRANGE', KEYS[1], 1, ARGV[1])
            redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.min(old.ends - now, tonumber(ARGV[2]))))
            return 1
            """, digest: "cc0b81a2ff41ffb6606df9fc9541eccc0070c6f9")

    /// Forgets a session. Key: the session's. Values: the prefix of owners, the session's digest, and the digest of the
    /// owner where it has to be theirs.
    static let delete = RedisScript(
        text: head + """
            local old = head(KEYS[1])
            if ARGV[3] and not (old and (old[1] == ARGV[3] or old[2] == ARGV[3])) then return 0 end
            if old then leave(old, ARGV[1], ARGV[2]) end
            return redis.call('DEL', KEYS[1])
            """, digest: "d8bc6e2bd63954141b38dc88adf0aa6cbf857784")

    /// Forgets some sessions of an owner. Key: the owner's. Values: the prefixes of owners and of sessions, the owner's
    /// digest, how many sessions at most, how many of the index are passed over, and "1" where sessions stay of which a
    /// session at the provider is known. Gives how many ended, how many stay of those that were looked at, and how many the
    /// index has then.
    static let deleteOwned = RedisScript(
        text: head + """
            local members = redis.pcall('ZRANGE', KEYS[1], ARGV[5], ARGV[5] + ARGV[4] - 1)
            if members.err then return { 0, 0, 0 } end
            local ended, stay = 0, 0
            for _, member in ipairs(members) do
                local old = head(ARGV[2] .. member)
                local isOwn = old and (old[1] == ARGV[3] or old[2] == ARGV[3])
                if isOwn and ARGV[6] == '1' and old[2] ~= string.rep('\\0', 32) then
                    stay = stay + 1
                else
                    if isOwn then
                        leave(old, ARGV[1], member)
                        ended = ended + redis.call('DEL', ARGV[2] .. member)
                    end
                    redis.call('ZREM', KEYS[1], member)
                end
            end
            return { ended, stay, redis.call('ZCARD', KEYS[1]) }
            """, digest: "9706b5e5b4480731bf824def7139bde9f6dfe543")

    /// Keeps a shared value where there is none whose end has not come. Key: the value's. Values: its end and itself, time
    /// to live, now. Gives whether it was kept.
    static let setFirst = RedisScript(
        text: """
            local text = redis.pcall('GETRANGE', KEYS[1], 0, 16)
            local ends = type(text) == 'string' and #text == 17 and tonumber(text)
            if ends and ends > tonumber(ARGV[3]) then return 0 end
            if tonumber(ARGV[2]) > 0 then
                redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            else
                redis.call('DEL', KEYS[1])
            end
            return 1
            """, digest: "9672a62e5f45d2c8501a4f522ad027f82aa70531")

    /// Forgets a shared value if it is this one. Key: the value's. Value: itself.
    static let removeValue = RedisScript(
        text: """
            local text = redis.pcall('GET', KEYS[1])
            if type(text) == 'string' and text:sub(18) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
            return 0
            """, digest: "4d5ed2378a1c23512f6b318a3c355842a83a8ca3")

    /// All of them, for the test of their digests.
    static let all = [save, touch, delete, deleteOwned, setFirst, removeValue]

    /// The command by the digest: Redis answers `NOSCRIPT` where it has not seen the text.
    func command(_ keys: [[UInt8]], _ values: [[UInt8]]) -> RedisCommand {
        RedisCommand("EVALSHA", [Array(digest), Array(keys.count)] + keys + values)
    }

    /// The command by the text, after which Redis knows it.
    func fullCommand(_ keys: [[UInt8]], _ values: [[UInt8]]) -> RedisCommand {
        RedisCommand("EVAL", [Array(text), Array(keys.count)] + keys + values)
    }
}

import Cryptography
import Testing

@Suite("AES-256-GCM")
struct AES256GCMTests {
    // McGrew and Viega, "The Galois/Counter Mode of Operation", test case 16, which NIST took over.
    let key = bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
    let nonce = bytes("cafebabefacedbaddecaf888")
    let plaintext = bytes(
        """
        d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
        1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39
        """)
    let associated = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    let sealed = bytes(
        """
        522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
        8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662
        76fc6ece0f4e1768cddf8853bb2d551b
        """)

    @Test("the published example is sealed and opened")
    func example() throws {
        #expect(try AES256GCM.seal(plaintext, key: key, nonce: nonce, authenticating: associated) == sealed)
        #expect(try AES256GCM.open(sealed, key: key, nonce: nonce, authenticating: associated) == plaintext)
    }

    @Test("nothing at all can be sealed: test case 13")
    func nothing() throws {
        let zeros = [UInt8](repeating: 0, count: 32)
        let tag = bytes("530f8afbc74536b9a963b4f1c4cb738b")
        #expect(try AES256GCM.seal([], key: zeros, nonce: Array(zeros.prefix(12)), authenticating: []) == tag)
        #expect(try AES256GCM.open(tag, key: zeros, nonce: Array(zeros.prefix(12)), authenticating: []) == [])
    }

    @Test("a change of any byte of what was sealed is seen")
    func changedBytes() {
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 0x01
            #expect(throws: CryptographyError(.authentication, "")) {
                try AES256GCM.open(changed, key: key, nonce: nonce, authenticating: associated)
            }
        }
    }

    @Test("bytes that are missing or added are seen")
    func changedLength() {
        for changed in [
            Array(sealed.dropLast()), Array(sealed.dropFirst()), sealed + [0], Array(sealed.prefix(15)), [],
        ] {
            #expect(throws: CryptographyError(.authentication, "")) {
                try AES256GCM.open(changed, key: key, nonce: nonce, authenticating: associated)
            }
        }
    }

    @Test("a tag that is cut off opens nothing", arguments: 0...15)
    func shortTag(_ count: Int) throws {
        let tag = try AES256GCM.seal([], key: key, nonce: nonce, authenticating: associated)
        #expect(throws: CryptographyError(.authentication, "")) {
            try AES256GCM.open(Array(tag.prefix(count)), key: key, nonce: nonce, authenticating: associated)
        }
    }

    @Test("other associated data, another key, another nonce do not open it")
    func otherContext() {
        #expect(throws: CryptographyError(.authentication, "")) {
            try AES256GCM.open(sealed, key: key, nonce: nonce, authenticating: [])
        }
        #expect(throws: CryptographyError(.authentication, "")) {
            try AES256GCM.open(sealed, key: key.reversed(), nonce: nonce, authenticating: associated)
        }
        #expect(throws: CryptographyError(.authentication, "")) {
            try AES256GCM.open(sealed, key: key, nonce: nonce.reversed(), authenticating: associated)
        }
    }

    @Test("keys and nonces of other lengths are refused")
    func lengths() {
        for (key, nonce) in [(Array(key.prefix(16)), nonce), (key + [0], nonce), (key, []), (key, nonce + [0])] {
            #expect(throws: CryptographyError(.invalidLength, "")) {
                try AES256GCM.seal(plaintext, key: key, nonce: nonce, authenticating: [])
            }
            #expect(throws: CryptographyError(.invalidLength, "")) {
                try AES256GCM.open(sealed, key: key, nonce: nonce, authenticating: [])
            }
        }
    }
}

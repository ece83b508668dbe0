import JOSE
import Testing

@Suite("A private key in PEM")
struct PEMKeyTests {
    /// Made for these tests alone.
    private static let p256 = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIBRSUodEUWi27VZeZZRWhuLBGEh+xdvp0Gl8aUp4lulsoAoGCCqGSM49
        AwEHoUQDQgAEjXiOVEvNLk/yP/8tsGL/zj+tFxc2fdBJDJadMOW7fs/QXG7ghSzV
        pC2mO54FJ8ZhIUvexOOJXXAo6Tz1mi51Pw==
        -----END EC PRIVATE KEY-----
        """
    private static let p384 = """
        -----BEGIN PRIVATE KEY-----
        MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDBK9vzSZR+veetxRKPd
        EptUldg7Mxg95mZ3LAJ5Uz9wlTigH57+Z66cWrYnQlAercKhZANiAATjS317nJm7
        hV5rZG/8LyUiLHhG4pkxyqYYKnogE8syPCZZEQDsiYarnSmoh9LN+8jwKyLVcQll
        tyFkd4Yl/bNHpbiOyLXq1ooYqjFlrAgx0of7xMP5mxumdZbvyyyHQFM=
        -----END PRIVATE KEY-----
        """
    private static let ed25519 = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIIXfPyz05Z9PLsGartNRsThDjSK7XDFRFB1U0f8cAEgM
        -----END PRIVATE KEY-----
        """
    private static let rsa2048 = """
        -----BEGIN PRIVATE KEY-----
        MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQCp4ILYIE+uMVpB
        6efCnf1kybmVhmEsBv3yOcjyAZi3h6fL2CkUNvW8pSo9rTxOzmcGNC3fMx2K+kxs
        hkwxw6XcQNaYy9CyIfGzyNZ8OoWkx/9P3FzMP88yHLpf4vtPbFiIJHiStrBmxSNm
        592TweYEXXSAxYZbgFmkjNP7coXlObbyDdi4aBlMymGZgFI4TBtACwSjA6DI/NTG
        hWdFKIeS47x7UpSTNHq7qZw6kSOxNJwdyCQSDRTLL5XP+16lbaEecWswTK9wgc3h
        qVH2+J/hBEdcbQwW4HHnHHue7xN7Wpk3gzTb7VuBjqKSe9ukzrNwEwVg6KE6Wtqh
        FXf7+xKJAgMBAAECggEAAklFOYdlyyBa6JwvRE1ABcU5PCvsztzhOgtRCwC+f2nR
        9kpYcy8yK3HFmcLlFuJsPIcjPue/NAmeUa+VAu5xIv+0Y6YKjvsp95NyX4WiGs+e
        PgLnNNB/B1ufnn69hxocLujevoq64QcyLMZeEwj/AXwIf1spLb4SdsZ2a+Hkr2sL
        y9tlH7Pairq1bMBasGEbW4c3JYs8cxSa3rmg0SN+/sgo0vcuk7H21hhUCsdvTFw1
        OO0I/ZFkDfiOl0c9yxAMMlrFqctCN6OIV9Fe+nctY8d1/6xlxQOXMPk6tqm3VkQd
        3wa3NY9cfXxxDu4lO0Ziz//Gqzg1r8HLVehH02l5IQKBgQDhlZXjMOipMvYyJFsM
        k70b32jsALVZIDpXUaJMQIMcY1oMA+DOOdaL4o7ldUVM40RMjzp52tIzNZCdQyp7
        Ynf1P5fsE5bBtY1wrxKg4Wv7DOsL3W7CRur3KMp5aW4o8VG5l/T/A1zemxEOVW6W
        VPIV+rb+/UJsk2Do6URv2D4CrQKBgQDAyBh4++T0SREX0FkZT91w+I6+b7D3dV6o
        m6LNltdNf+RcjFc0Y6ipwGKn79MSp8Tk/xhtqzgWmFiRROH94FIvhum+zX7HKCkx
        2UZaDonIirVzeadgCsZmQyHrBTKMgOe+yJnAgVLwwRFywHnG7nLwW6WN79/+GFMG
        H0G53IpmzQKBgQCWq6+yUE+F+4jfEtNRgjgULtNIlmyJ+/GbsuXBInGv+1gAoHJ9
        q7n2MruY3QwNf9p1fFDlZNdy5rsRnvP391wCDZiuUKMn/NhcxEKf/BCAXS98/Ehn
        MLDtpmweTeILLKuWV72GurtD37SzqzIy7MfJEG07wPKlzIY06uEQBxHb/QKBgE0U
        tJRLQ3RZcrgu2jFAua3d9FU4m22WRE7uS94gHd4i8NAAXS3ZWyrkfY3gWmjvI87c
        IIxZFYgTSfZrsGCuPK48J2HfEH3ZFP+VfIetoHHK5FpTnhTMuh9RYFJ0NY3wTLj/
        xFowW1VgHPXg99AOr25jdoKWEt2qJCgif0ktYTlRAoGBAItlMeGRuVjooTTadiMs
        /1FN1b4l7cCZ8T5J2/FUuMnR3IipLxrhmTkGcJJw5zwUHDjb3Z2LHjIq3a8OfISp
        6F4TIJ/QuEwUjvQYgidk2sWD+8EyWjqcfX4k/EiYwmzjPxKU3pSLtqPpFy7D03ck
        QVZF9KuNRKMbR7E41a/TWxU/
        -----END PRIVATE KEY-----
        """
    private static let k256 = """
        -----BEGIN EC PRIVATE KEY-----
        MHQCAQEEIAqsimDKGbhi6ejQ2hEJJb/lr2txOUubNCyU4LVeSlEeoAcGBSuBBAAK
        oUQDQgAEXwZ4y+/lUqV/wfoSXNT2E5ojFTU0o+UHHBWhO01E+Hs07MX/Uar3SzRT
        8k9bQgcs8WzJWhQlYXdVSmcdsFBMRg==
        -----END EC PRIVATE KEY-----
        """
    private static let withPassphrase = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjP7UxIMVkngwICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEDJ0mxFT8zNvzgFgkaTpEKEEgZDa
        LKPvXmlZCkETPYCR6Dgd2abZhFRKxiVJWVpytyCs3ZRQyrUXk3qPUEIyZ6vQHJb2
        MijVTV2NEpt0z8TVlQbNRqDMYNRU9jssRQH3oxkdYeUrz+nSLFCoslPFpfqqv8Ww
        9nmyjrD97L2/vL2e+3m6ZqUUQMWsAVhbl8EkG2VhJxRz3Bn/TuStAHygoXftl3Q=
        -----END ENCRYPTED PRIVATE KEY-----
        """
    private static let rsa1024 = """
        -----BEGIN PRIVATE KEY-----
        MIICeAIBADANBgkqhkiG9w0BAQEFAASCAmIwggJeAgEAAoGBANbmDrqYyq/vXg0F
        NjFHIhjdY1LgXkP6ommKnnu55LMnbYpG7pIUt6T/ewszsFjICvpMFua4lzBwd8Bt
        v/P1NQWO3z6PWMP7j3YC2iBQYLJHtluxRAIRtlHMlkRXRvyVpP4C1P0E0vVR7iBE
        V5eVFtYRjfrae2LVFz2oKzd+0Nm/AgMBAAECgYEAuepKb9Bj+hWCLo2FttgtfYl6
        tmZ55yHchKZyOeQ3IW9I60o2d5cI0exdDPHo7MYUCTruzSiBVFzYnVfVqz9GYDST
        p8A89Ng2JlsivwkUpAP4wJ0w53yHzSSRlVZ4C8Y+oLiDAW+gZegdNaAMimCXA8u9
        g8w6xn8frgV7Cp2n1yECQQDx8C30s0epnGoYs48bOXSeV1yMmJnDo3qoUQpI8N2J
        okwtbgMwTESWoHVhVR1cVaX2V0ae4V79osBoYhIDu665AkEA42ON5BYwG66MlOP+
        vKeHhtXzPdbUwu3MsSPMCiPd1noiU/RBVEme276FNzdrj3dhq5M/px0htt0ngE+7
        y8jQNwJAGG9UhOFSfIvin0oLSwmbgJ58J2sGJJ8vNS6yJjnFdjAhF3mD8u3RA5GD
        KWhqRbgUwfOAm21RpbY5TpGRFjVvaQJBALSAF2dCMagXs+KQ5Wpt9ggTl8Wz3ipq
        R/0pdFNsSzFwvAU2tBEra531q5u8M3asBm0DMxj96ABXp36UTHekjZsCQQC7UqYm
        YP4wZ2qhmFszYZ9mlU6EDrVFs5Wi3IHzHJGgYey7kq7ynbNclk+vBIS8ghHGYJKZ
        bvhImbhi+8NQnJSV
        -----END PRIVATE KEY-----
        """
    private static let publicKey = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEjXiOVEvNLk/yP/8tsGL/zj+tFxc2
        fdBJDJadMOW7fs/QXG7ghSzVpC2mO54FJ8ZhIUvexOOJXXAo6Tz1mi51Pw==
        -----END PUBLIC KEY-----
        """

    private static func key(_ pem: String, _ algorithm: JWSAlgorithm? = nil) throws(JOSEError) -> SigningKey {
        try SigningKey(pem: Array(pem.utf8), algorithm: algorithm, keyID: "k1")
    }

    @Test(
        "signs with the algorithm of its kind",
        arguments: [
            (p256, JWSAlgorithm.es256), (p384, .es384), (ed25519, .edDSA), (k256, .es256k),
            ("\n# a comment\n" + p256, .es256),
        ])
    func signs(_ pem: String, _ algorithm: JWSAlgorithm) throws {
        let key = try Self.key(pem)
        #expect(key.algorithm == algorithm)
        let token = try JWS(compact: try key.sign(payload: Array("{}".utf8)))
        #expect(token.header.keyID == "k1")
        _ = try token.verify(using: JWKSet(keys: [key.publicJWK]), allowing: [algorithm])
    }

    @Test("of RSA signs with RS256, or with what is asked for", arguments: [nil, JWSAlgorithm.ps384])
    func rsa(_ algorithm: JWSAlgorithm?) throws {
        let key = try SigningKey(pem: Array(Self.rsa2048.utf8), algorithm: algorithm)
        #expect(key.algorithm == algorithm ?? .rs256)
        #expect(key.keyID == nil)
        let token = try JWS(compact: try key.sign(payload: []))
        _ = try token.verify(using: JWKSet(keys: [key.publicJWK]), allowing: [key.algorithm])
    }

    @Test(
        "is refused where it is none, has a passphrase, or is weak",
        arguments: [
            "", "no key", publicKey, withPassphrase, rsa1024, String(p256.dropLast(60)),
            p256.replacing("EC PRIVATE", with: "XX PRIVATE"),
        ])
    func refused(_ pem: String) {
        #expect(throws: JOSEError(.key, "")) { try Self.key(pem) }
    }

    @Test(
        "is refused for an algorithm of another kind of key", arguments: [JWSAlgorithm.rs256, .es384, .hs256, .edDSA])
    func otherAlgorithm(_ algorithm: JWSAlgorithm) {
        #expect(throws: JOSEError(.key, "")) { try Self.key(Self.p256, algorithm) }
    }
}

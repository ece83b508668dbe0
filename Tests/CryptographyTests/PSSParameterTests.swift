import Cryptography
import Testing

/// Signatures that RSASSA-PSS can make and JOSE does not (RFC 7518 §3.5), made with OpenSSL's command line for this test.
@Suite("RSASSA-PSS parameters")
struct PSSParameterTests {
    static let modulus = bytes(
        """
        ae7cc6cfde027571f1efe47102ffc2a503f02e4149187757bcda849619b3f3256ed469ea764553ceeb953e95ddeec04e
        bbd644010d320a5c8a0886706600047533b8c305d0901adcd3fe0e7ea7f3b61e80c23d1b828f1f3c365f2b2dbd5561d3
        a36f2559389bf2e936585b9c1bdbceec54c3354faeb2ae666068397101dde47e69141366c07c3645f5634258a38a7e52
        e3761794af9d934e239d2152937a6ababd860a60ca58033620b0e401ab9644703d482a2a25ddd4d73e23896675c61b10
        5d2642c9d826385409a812d1b167cf2eb3a03ecb72b35cae151388e0929022d50e6c69124b318edb86814df6ec93bdae
        2fec00dda397e4d8501b5ceb7a1e3f7b
        """)
    static let rightSignature = bytes(
        """
        340235c0c73177e6bea39fd72d163827a5b3c234b04c1baea704b27d364095628e173375aa9d08762c2076cdb83f7042
        dfcdffee932c2609d560958d7e4be76ec97f565d716451384dc2ade4499a94957603414ec31dc551d24855797c4ddab7
        2cf816fd95ef5b051c290859706baf6a1e7ee9816bbe770d26154d3d907daf798be74241e18ba13871c0b98f15ba4d46
        6b635cfa5cc3fe74f4d7560fb715744ff0f2c934cdebba1c1b95253ee394c9c8d2959fea374d49b6c58bdcb0d96b1e55
        d8c89c079358ead64bf27423b552d84bfc34a92cf49e659b8a23498518fde3b5a911b29167fe207c711b326a586d9df2
        e63fff49e842fda46aae50fb0eb21087
        """)
    static let wrongSignatures = [
        "no salt": """
        2e05a6bdca9e53add9a2cb56a774366713eca99dcbd2c293e04d789c2a365247f0e6360ff259f10274d980e3de6b7e46
        3cb119e7d0fbed25f9eab6a80dcd418a5cf6fbbc607f5da021b3b7fc96f3c8c30b8434fb14f5a0817a766cc0b1e082c3
        39d1ab1b2946b5747a917e29a9be5164b618532637c6bab84398e9b69b16679137ce2e067a6c09254fa33edbebbfd90c
        177fe35f07bffeaa3844349ae684bd42d938fcc6e305151b96cc873a2052ef9f5ac63646071a74de2fcf15d61d31dcf6
        5a3a0a1f55a5953d2645be91363a0457b8d3a8389062135436db4133ff7a2c388c91f41e4739793c620c29d932b52525
        95605f8a2bca0fed32f9e84ea7418291
        """,
        "a salt of 20 bytes": """
        95386c415bbdaa38fb41e9c7dbb32c5aa116fe6602239b7b769d00c8d915b88c63eea5d340dc9c7816944b9eab5eab99
        5313b14195f0fe5c5c99a6c21f3b2b181bfb019108a1a7d0f8db7fb34163e25d8245ca945d1091fe2f2975673c5b9606
        f376948c424f67ed41456a93261c73f090854a8be22f22ccc572f528be1ab7c0b9dbb561531d85f94fd6eae4ced6d3a6
        096ee0150c0338612f0c70c14e4877adadce13fc1f5023dc6070afe1774195093a81ef9f9cc847df06a1a73430ac84e8
        837b61487eb6c405845c29122bfbb49accf694b2094d2124332c113f1a46d351795ccce75494023ccb97882dc8f29aa7
        66fb60b9324bacf786c4c0021f200e97
        """,
        "the longest salt": """
        030ea080d8e3f33f0cc6deec0d8ab9f527efaa04c2098d01230dc93da2fd04eebd8f354a5661eb4712c86c505ed150d6
        ee57f695385c487df15cde87e1d901389240f1d7cd5d2d0bd97408884fcb9a318b97a7cd9e0930355cb0171f2f136abf
        fc5ddcf9e2f3a1ffb258da7889709f3882a93ff05346c0f1c329bc537637c50e5ad00c7a98639f30fe80b0b67d6cf03e
        c3da2ccb62b5892bbf9f0c4e9b7cb367bc34c0f0695baece131b14b82a00e45635d88b9e3fa7c24fd904a6646e71e8f3
        3a8386382a297047be08dca143abda036717c8512153e9952ce619302beb242de3accf59d7d1634fff8eb7d1b7168342
        145c68cc55c9eaf407e58ca9656b3570
        """,
        "MGF1 with SHA-1": """
        67594b0a1faecf66f476262582135d913d57e60963714c267f47fb2167cde9a0e18f694574b3ccbdb20d8cf77c822d08
        def9797b577925c5088234ff303f16df42aea109b3377601450787616580e379a63216549681e9bfcb3bf0dd24c7a4f0
        18b4adfc5202fb6b53bb0e4c04ad598935771e8c84451e1c06540221b572b2a84ab99a06c485bb2db0ade9bd474bcbc3
        330e83c13ac385e75e9489041562bb89da98354e89b580505ef2dd450addfdbb499c99e4a367b4aaa9466a87aa76a017
        30a74915a48123ad6aa0cc1411b8ff74e7671718894b3ac5d969aedcaef05f4beba78407e9efcb701b1ce0ea285759f4
        2feeddcd8a481289d5b1ac1af119f03f
        """,
    ]

    private func isValid(_ signature: [UInt8]) throws -> Bool {
        try PublicKey.rsa(modulus: Self.modulus, exponent: [1, 0, 1]).isValid(
            signature, for: Array("a message".utf8), scheme: .rsaPSS(.sha256))
    }

    @Test("a salt as long as the hash is taken")
    func rightParameters() throws {
        #expect(try isValid(Self.rightSignature))
    }

    @Test("another salt length, another hash in MGF1 are not", arguments: wrongSignatures.keys.sorted())
    func wrongParameters(_ name: String) throws {
        #expect(try !isValid(bytes(#require(Self.wrongSignatures[name]))))
    }
}

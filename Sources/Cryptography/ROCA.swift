/// Whether an RSA modulus was made by the generator of CVE-2017-15361 ("ROCA"), whose keys can be factored.
///
/// That generator makes primes that are powers of 65537 modulo the product of many small primes, and so the modulus is
/// one too. Of good moduli one in 2^27 looks like that. Source: Nemec et al., "The Return of Coppersmith's Attack", §3.
func hasROCAFingerprint(_ modulus: [UInt8]) -> Bool {
    // The small primes modulo which 65537 has few powers.
    let primes = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157]
    return primes.allSatisfy { prime in
        let residue = modulus.reduce(0) { ($0 << 8 | Int($1)) % prime }
        var power = 1
        repeat {
            if power == residue { return true }
            power = power * 65537 % prime
        } while power != 1
        return false
    }
}

/// An ID Token whose every byte is the same in each run, as its key is: what checks it takes so many instructions, no more
/// and no less. The private key was thrown away; the claims are those of ``InMemoryProvider`` at 1,800,000,000 seconds.
enum FixedToken {
    static let modulus = """
        tsFjiw5DlTvKlF49ap9ferIYod_YZDaaWVmIccYb8vnASptSf001sDqat6Dy8JEByrC73u9WgIV1rNwU8-MBUI4EZGWl3ZM0Jm3w\
        MSWzpfH5FIyN3GiucgViSIcngAaDV-TGNPdt6kNWPK0XrnD3_kbzyffyUHjTbc4x8tWvjD2cyUkItJj0ivKYq7ec6vG6fllrHRez\
        hXqfWzNa-t7QbVW2uY-nu0RsCgmNi1fyCJWxb4YKXpe6pyL41wRdGixIxnEVeqGHwZDDszQ0jy8N7kxbR2QcFqncba9nq53uYkG1\
        iYXfU1lymU3FOmQnjCrdXKPWzPFWO5iE45Xyd1x0EQ
        """

    static let compact = """
        eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjIwMjYtMTEifQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzd\
        WIiOiIyNDgyODk3NjEwMDEiLCJhdWQiOiJiZW5jaG1hcmstY2xpZW50IiwiZXhwIjoxODAwMDAwMzAwLCJpYXQiOjE4MDAwMDAwM\
        DAsImF1dGhfdGltZSI6MTc5OTk5OTk4MCwibm9uY2UiOiJuLTBTNl9XekEyTWotMDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3Bxc\
        nN0IiwiYXRfaGFzaCI6InZvLW5BVUtrNGQ2S1VlRFdvTEtHZWciLCJzaWQiOiIwOGE1MDE5Yy0xN2UxLTQ5NzctOGY0Mi02NWExM\
        jg0M2VhMDIiLCJuYW1lIjoiQWxpY2UgRXhhbXBsZSIsInByZWZlcnJlZF91c2VybmFtZSI6ImFsaWNlIiwiZW1haWwiOiJhbGljZ\
        UBleGFtcGxlLnRlc3QiLCJlbWFpbF92ZXJpZmllZCI6dHJ1ZX0.Dh00IIMVqWocgH4pettz6Ota9ETPnV_oLt_E9-E-Rb3eweN4D\
        oYiY6i1nqp2knGxBqUviv5wRdjI1G1_I_mkGFePzyz84PHWSMEv2MbvCXbVbsdWEh8GfXA5FUiXYRUlEd4XIIWMRkNhzjUA5CeNu\
        o6nYHnbzztfj43fr-EErTBhc-Y4sslaLaCsCEKWeorAjgvcx5PpSdDn5FOAF4pTi5MPrAMVeHiSGNuIBgxd9q0Wi46g3CxTHyqDg\
        63_0gMDVlO4QYP04-K0zjUkOCNygoHibl2VOof9_j6nfrjLCrZ0jBfkeVF_jSfputIcPfxSeKqsbaPUSnbUo0NDQpg5WA
        """
}

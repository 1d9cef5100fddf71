import AdminProtocol

/// A death certificate in words.
enum CertificateText {
    static func sentence(_ certificate: CertificateReport) -> String {
        switch certificate.clause {
        case .leaseExpiry:
            let waited = certificate.issuedAtNanoseconds - certificate.evidenceFromNanoseconds
            return
                "its lease must have run out [DEAD-1]: no sign of life for \(TimeText.span(nanoseconds: waited)),"
                + " \(TimeText.span(certificate.boundMilliseconds)) had to pass."
        case .tombstone: return "its own last record says that it stopped every guest [DEAD-2]."
        case .newBoot: return "it was seen to have booted anew [DEAD-3]."
        case .confirmedOff: return "a fence agent or the storage target confirmed it [DEAD-4]."
        case .operatorConfirmed: return "an operator answered for it [DEAD-5]."
        case .carriedByView:
            return "a later view, decided by a host that had certified it, no longer carries it."
        }
    }
}

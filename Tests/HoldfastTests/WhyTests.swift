import AdminProtocol
import Testing

@testable import holdfast

@Suite("holdfast why")
struct WhyTests {
    private func story(_ report: StatusReport, _ index: Int) -> String {
        let why = WhyHost(report: report, host: report.hosts[index])
        let story = WhyHost.Story(
            host: report.hosts[index],
            joinObstacle: nil,
            shortcomings: [],
            events: [],
            machines: nil,
            managerTrouble: "no manager"
        )
        return why.text(story, Ink(isColoured: false))
    }

    @Test("a member is told as one, the master as master")
    func member() {
        let report = SampleReports.healthy()
        #expect(story(report, 1).contains("lab2 is in the liveset of view 4, as master."))
        #expect(story(report, 2).contains("lab3 is in the liveset of view 4."))
        #expect(story(report, 2).contains("Its machines are not known: no manager"))
    }

    @Test("a removed host is told with view, rule, certificate, figures and last words")
    func removed() {
        var report = SampleReports.healthy()
        report.hosts[2].standing = .removed
        report.hosts[2].removedFor = .silent
        report.hosts[2].removedIn = 4
        report.hosts[2].lastWords = "fenced itself: no proof of life was renewed within G"
        var certificate = CertificateReport()
        certificate.number = 2
        certificate.clause = .leaseExpiry
        certificate.evidenceFromNanoseconds = 80_000_000_000
        certificate.issuedAtNanoseconds = 91_500_000_000
        certificate.boundMilliseconds = 11_009
        report.hosts[2].certificate = certificate
        let text = story(report, 2)
        #expect(text.contains("lab3 was left out by view 4 because nobody heard it"))
        #expect(text.contains("[FAULT-1]"))
        #expect(text.contains("[DEAD-1]: no sign of life for 11.5 s, 11.0 s had to pass."))
        #expect(text.contains("Certified 8.5 s ago by lab1."))
        #expect(text.contains("Its last words: \"fenced itself"))
    }

    @Test("a removed host without a certificate is told as not dead yet, with the bound")
    func uncertified() {
        var report = SampleReports.healthy()
        report.hosts[2].standing = .removed
        report.hosts[2].removedFor = .partitioned
        #expect(story(report, 2).contains("It is not certified dead yet"))
        #expect(story(report, 2).contains("at the latest 11.0 s"))
    }

    @Test("a host that never joined is told as that")
    func never() {
        var report = SampleReports.healthy()
        report.hosts[2] = HostReport()
        report.hosts[2].name = "lab3"
        #expect(story(report, 2).contains("lab3 has never been in the liveset."))
    }
}

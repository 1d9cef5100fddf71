import PoolModel
import StatefileMedium

extension StatefileSettings {
    init(reading table: ConfigReader) {
        if let address = StatefileSettings.address(reading: table) { source = StatefileSource(address) }
        source.lateWriteWait = table.timeSpan(
            "late-write-wait",
            in: TimeSpan.zero...TimeSpan.seconds(3600),
            "how long the storage may hold back writes of a former life of this host"
        )
        saysThatPathRepeatsWrites = table.truth("path-may-repeat-writes", default: false)
        source.initiatorName = StatefileSettings.initiatorName(reading: table)
        source.chapFile = table.optionalPath("chap-file")
        if source.chapFile != nil { StatefileSettings.checkTransport(of: source, "chap-file", table) }
        if source.initiatorName != nil {
            StatefileSettings.checkTransport(of: source, "initiator-name", table)
        }
        table.close()
    }

    /// A path in `path`, or a URL in `url`.
    private static func address(reading table: ConfigReader) -> StatefileAddress? {
        let path = table.text("path")
        let url = table.text("url")
        guard path == nil || url == nil else {
            table.complainHidden(
                "url",
                "stands beside statefile.path; one of them says where the statefile is"
            )
            return nil
        }
        if let path {
            guard path.hasPrefix("/") else {
                if path.contains("://") {
                    // A URL may hold a secret.
                    table.complainHidden("path", "is a URL; write it as statefile.url")
                } else {
                    table.complain("path", "must be an absolute path, beginning with '/'")
                }
                return nil
            }
            return .path(path)
        }
        guard let url else {
            if table.value("path") == nil, table.value("url") == nil {
                table.complain(
                    "path",
                    "is missing: the regular file or block device that all hosts of the pool share; or statefile.url: "
                        + StatefileAddress.forms
                )
            }
            return nil
        }
        do throws(StatefileAddressError) {
            let address = try StatefileAddress(url)
            guard address.path == nil else {
                table.complain("url", "must be a URL (\(StatefileAddress.forms)); a path is statefile.path")
                return nil
            }
            return address
        } catch {
            if error == .holdsSecret {
                table.complainHidden("url", error.description)
            } else {
                table.complain("url", error.description)
            }
            return nil
        }
    }

    private static func initiatorName(reading table: ConfigReader) -> String? {
        guard let name = table.text("initiator-name") else { return nil }
        if !ISCSIAddress.isName(name) {
            table.complain(
                "initiator-name",
                "must be a name of iSCSI, unique to this host: iqn.2026-01.com.example:lab1"
            )
        }
        return name
    }

    private static func checkTransport(of source: StatefileSource, _ key: String, _ table: ConfigReader) {
        if case .iscsi = source.address { return }
        table.complain(key, "is for a statefile on iSCSI only")
    }
}

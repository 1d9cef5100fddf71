internal import CLab

/// Namespaces, mounts and what else a host of the lab is fenced in with.
public enum Namespaces {
    /// Enters a named network namespace of ip(8).
    public static func enterNetwork(_ name: String) throws(LabError) {
        let path = "/run/netns/" + name
        // SAFETY: both texts are NUL-terminated copies that live during the call.
        try check(unsafe clab_enter_namespace(path, "net"), "enter network namespace \(path)")
    }

    /// A mount namespace for this process, and a PID namespace for its next child, which becomes PID 1 there.
    public static func separateMountsAndPids() throws(LabError) {
        try check(clab_unshare_mount_and_pid(), "unshare the mount and PID namespaces")
        try check(clab_private_mounts(), "make all mounts private")
    }

    /// Mounts the /proc of the PID namespace.
    public static func mountProc() throws(LabError) {
        try check(clab_mount_proc(), "mount /proc")
    }

    /// A /sys that shows the network namespace this process is in, with the cgroups of the old one.
    public static func renewSys(stage: String) throws(LabError) {
        try FileTree.makeFolder(stage)
        // SAFETY: the text is a NUL-terminated copy that lives during the call.
        try check(unsafe clab_renew_sys(stage), "mount a /sys for the network namespace at \(stage)")
    }

    /// Shows `source` where `target` was.
    public static func bind(_ source: String, over target: String) throws(LabError) {
        // SAFETY: both texts are NUL-terminated copies that live during the call.
        try check(unsafe clab_bind(source, target), "bind \(source) over \(target)")
    }

    /// Takes a mount away, even while in use; whether there was one.
    @discardableResult
    public static func detach(_ target: String) -> Bool {
        // SAFETY: the text is a NUL-terminated copy that lives during the call.
        unsafe clab_detach(target) == 0
    }

    /// Orphans among the descendants become children of this process.
    public static func becomeSubreaper() throws(LabError) {
        try check(clab_become_subreaper(), "become the reaper of all descendants")
    }

    /// Ends this process with the one that started it.
    public static func dieWithParent(_ parent: Int32) throws(LabError) {
        try check(clab_die_with_parent(parent), "end with the parent process \(parent)")
    }

    /// Real-time scheduling for this process, not for its children; false where not permitted.
    public static func becomeRealtime(priority: Int32) -> Bool {
        clab_realtime(priority) == 0
    }

    private static func check(_ outcome: Int32, _ attempt: String) throws(LabError) {
        guard outcome >= 0 else { throw LabError(attempt, errorNumber: outcome) }
    }
}

#!/usr/bin/env bash
# Installs what `make build` made, or removes it again.
#
# usage: scripts/install.sh install|uninstall BINARIES DESTDIR PREFIX SYSCONFDIR
#
# Never touches /etc/holdfast/holdfast.toml, the pool's key or /var/lib/holdfast: installing again is an upgrade,
# and what `uninstall` leaves behind is the operator's.
set -euo pipefail
cd "$(dirname "$0")/.."

verb=${1:?}; binaries=${2:?}; destdir=${3-}; prefix=${4:?}; sysconfdir=${5:?}
root=$destdir$prefix
user_programs=(holdfast)
system_programs=(holdfastd holdfast-manager)
lab_programs=(holdfast-lab holdfast-lab-host holdfast-lab-guest)
units_folder=$root/lib/systemd/system
sample=$destdir$sysconfdir/holdfast/holdfast.toml.sample

completion_path() {  # SHELL PROGRAM
    case $1 in
        bash) printf '%s' "$root/share/bash-completion/completions/$2" ;;
        zsh) printf '%s' "$root/share/zsh/site-functions/_$2" ;;
        fish) printf '%s' "$root/share/fish/vendor_completions.d/$2.fish" ;;
    esac
}

install_programs() {
    local program
    for program in "${user_programs[@]}" "${system_programs[@]}" "${lab_programs[@]}"; do
        [ -x "$binaries/$program" ] || { echo "install: no $binaries/$program; run 'make build' first" >&2; exit 2; }
    done
    install -d "$root/bin" "$root/sbin"
    for program in "${user_programs[@]}"; do install -s -m 755 "$binaries/$program" "$root/bin/"; done
    for program in "${system_programs[@]}"; do install -s -m 755 "$binaries/$program" "$root/sbin/"; done
    # The lab looks for the programs of its hosts next to itself.
    install -d "$root/lib/holdfast"
    for program in "${lab_programs[@]}"; do install -s -m 755 "$binaries/$program" "$root/lib/holdfast/"; done
    install -m 644 "$binaries/libholdfast-lab-clock.so" "$root/lib/holdfast/"
    for program in "${system_programs[@]}"; do ln -sfn "../../sbin/$program" "$root/lib/holdfast/$program"; done
    ln -sfn ../../bin/holdfast "$root/lib/holdfast/holdfast"
    ln -sfn ../lib/holdfast/holdfast-lab "$root/bin/holdfast-lab"
}

install_completions() {
    local shell program path
    for program in "${user_programs[@]}" holdfast-lab; do
        for shell in bash zsh fish; do
            path=$(completion_path "$shell" "$program")
            install -d "$(dirname "$path")"
            "$binaries/$program" --generate-completion-script "$shell" >"$path"
            chmod 644 "$path"
        done
    done
}

install_files() {
    local file
    install -d "$units_folder"
    for file in systemd/*.service; do
        [ -f "$file" ] || continue
        sed "s|/usr/local/sbin/|$prefix/sbin/|g; s|/usr/sbin/|$prefix/sbin/|g; s|=/usr/bin/holdfast|=$prefix/bin/holdfast|g" "$file" \
            >"$units_folder/$(basename "$file")"
        chmod 644 "$units_folder/$(basename "$file")"
    done
    for file in systemd/tmpfiles.d/*.conf; do
        [ -f "$file" ] || continue
        install -D -m 644 "$file" "$root/lib/tmpfiles.d/$(basename "$file")"
    done
    install -D -m 644 systemd/holdfast.catalog "$root/lib/systemd/catalog/holdfast.catalog"
    for file in docs/man/*.[1-8]; do
        [ -f "$file" ] || continue
        install -D -m 644 "$file" "$root/share/man/man${file##*.}/$(basename "$file")"
    done
    [ ! -f config/holdfast.toml ] || install -D -m 644 config/holdfast.toml "$sample"
}

remove_files() {
    local program shell file
    for program in "${user_programs[@]}" holdfast-lab; do
        rm -f "$root/bin/$program"
        for shell in bash zsh fish; do rm -f "$(completion_path "$shell" "$program")"; done
    done
    for program in "${system_programs[@]}"; do rm -f "$root/sbin/$program"; done
    for program in "${user_programs[@]}" "${system_programs[@]}" "${lab_programs[@]}"; do
        rm -f "$root/lib/holdfast/$program"
    done
    rm -f "$root/lib/holdfast/libholdfast-lab-clock.so"
    rmdir "$root/lib/holdfast" 2>/dev/null || true
    for file in systemd/*.service; do rm -f "$units_folder/$(basename "$file")"; done
    for file in systemd/tmpfiles.d/*.conf; do rm -f "$root/lib/tmpfiles.d/$(basename "$file")"; done
    rm -f "$root/lib/systemd/catalog/holdfast.catalog"
    for file in docs/man/*.[1-8]; do rm -f "$root/share/man/man${file##*.}/$(basename "$file")"; done
    rm -f "$sample"
}

case $verb in
    install)
        install_programs
        install_completions
        install_files
        echo "install: done below $root. Next: docs/OPERATING.md (a key, a configuration, a statefile, then the units)."
        ;;
    uninstall)
        if [ -z "$destdir" ] && systemctl is-active --quiet holdfastd 2>/dev/null; then
            echo "uninstall: holdfastd runs here. Leave the pool first: 'holdfast host leave', then stop the unit." >&2
            exit 1
        fi
        remove_files
        echo "uninstall: done. $sysconfdir/holdfast and /var/lib/holdfast are left as they are."
        ;;
    *) echo "install: unknown verb '$verb'" >&2; exit 2 ;;
esac

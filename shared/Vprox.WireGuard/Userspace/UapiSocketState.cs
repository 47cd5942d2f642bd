namespace Vprox.WireGuard.Userspace;

/// <summary>What stands at the path of a daemon's socket.</summary>
internal enum UapiSocketState
{
    /// <summary>No file.</summary>
    Absent,

    /// <summary>A file nobody listens on: its daemon was killed.</summary>
    Stale,

    /// <summary>A daemon listens, though perhaps in another network namespace.</summary>
    Alive,
}

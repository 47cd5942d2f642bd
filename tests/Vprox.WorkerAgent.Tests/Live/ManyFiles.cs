namespace Vprox.WorkerAgent.Tests.Live;

/// <summary>Tests that do not run side by side: one holds 900 sockets, and libnftables serves nobody whose own socket is beyond the thousandth.</summary>
public static class ManyFiles
{
    public const string Name = "many files";
}

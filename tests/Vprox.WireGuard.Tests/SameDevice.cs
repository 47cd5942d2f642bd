namespace Vprox.WireGuard.Tests;

/// <summary>Records compare lists by reference; this compares them by content.</summary>
internal static class SameDevice
{
    public static void Assert(Device expected, Device actual)
    {
        Xunit.Assert.Equal(expected with { Peers = actual.Peers }, actual);
        Xunit.Assert.Equal(expected.Peers.Count, actual.Peers.Count);
        foreach (var (one, other) in expected.Peers.Zip(actual.Peers))
        {
            Xunit.Assert.Equal(one.AllowedIps, other.AllowedIps);
            Xunit.Assert.Equal(one with { AllowedIps = other.AllowedIps }, other);
        }
    }
}

namespace Vprox.Netlink;

/// <summary>What tc commands say alike.</summary>
internal static class TrafficWords
{
    public static string Parent(TrafficHandle parent) => parent == TrafficHandle.Root ? "root" : $"parent {parent}";
}

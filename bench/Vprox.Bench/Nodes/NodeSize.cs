namespace Vprox.Bench.Nodes;

/// <summary>How much a node holds.</summary>
/// <param name="NetworkInterfaces">ENIs.</param>
/// <param name="Addresses">Static addresses, spread over the ENIs.</param>
/// <param name="Peers">Tunnels, spread over the addresses.</param>
/// <param name="CeilingMbps">Rate that each address keeps to, which gives it a class, a queue and a filter each way; null shapes nothing.</param>
public sealed record NodeSize(int NetworkInterfaces, int Addresses, int Peers, int? CeilingMbps = null)
{
    /// <summary>A full c7gn.8xlarge.</summary>
    public static NodeSize Full { get; } = new(8, 240, 10_000, CeilingMbps: 200);

    /// <summary>What a node whose addresses are wireguard-go processes should not exceed (docs/performance.md).</summary>
    public static NodeSize Userspace { get; } = new(2, 60, 2_500, CeilingMbps: 200);

    /// <summary>As figures name it, e.g. 240x10k.</summary>
    public override string ToString() => Peers % 1000 == 0 ? $"{Addresses}x{Peers / 1000}k" : $"{Addresses}x{Peers}";
}

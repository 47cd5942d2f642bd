namespace Vprox.Netlink;

/// <summary>What a filter is asked to do. Printed, it is what tc takes after the handle.</summary>
/// <param name="Kind">The kernel's name, e.g. u32.</param>
public abstract record FilterSpec(string Kind)
{
    private protected abstract string Options { get; }

    /// <summary>The kind and its options in tc's words.</summary>
    public sealed override string ToString() => $"{Kind} {Options}";

    /// <summary>Writes the content of TCA_OPTIONS.</summary>
    internal abstract void WriteOptions(NetlinkWriter writer);
}

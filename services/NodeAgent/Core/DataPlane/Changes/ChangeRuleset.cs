using Vprox.NodeAgent.Core.DataPlane.Ruleset;

namespace Vprox.NodeAgent.Core.DataPlane.Changes;

/// <summary>Changes our nft table, in one transaction.</summary>
public sealed record ChangeRuleset(NftTransaction Transaction) : KernelChange
{
    /// <inheritdoc/>
    public override string ToString() => $"nft table inet {NftTable.Name}: {Transaction}";
}

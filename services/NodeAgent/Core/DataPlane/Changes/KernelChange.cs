namespace Vprox.NodeAgent.Core.DataPlane.Changes;

/// <summary>One step of a plan. Printed, it is a line that a person can read.</summary>
public abstract record KernelChange
{
    /// <summary>The WireGuard interface that it makes, configures or deletes; null for other steps.</summary>
    public virtual string? Tunnel => null;

    /// <inheritdoc/>
    public abstract override string ToString();
}

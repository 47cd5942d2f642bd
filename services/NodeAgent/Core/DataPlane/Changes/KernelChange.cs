namespace Vprox.NodeAgent.Core.DataPlane.Changes;

/// <summary>One step of a plan. Printed, it is a line that a person can read.</summary>
public abstract record KernelChange
{
    /// <inheritdoc/>
    public abstract override string ToString();
}

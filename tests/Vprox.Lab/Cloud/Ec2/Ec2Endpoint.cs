using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Vprox.Lab.Cloud.Faults;
using Vprox.Lab.Cloud.State;
using Vprox.Lab.Cloud.State.Commands;

namespace Vprox.Lab.Cloud.Ec2;

/// <summary>EC2's query protocol: a POST form in, XML out. Admission, faults and the call log are here; what an action does is elsewhere.</summary>
public sealed class Ec2Endpoint(CloudRegion region, TimeProvider time)
{
    private const string ApiVersion = "2016-11-15";

    private static readonly Dictionary<string, Func<Ec2Request, CloudRegion, IEnumerable<XElement>>> Actions = new(StringComparer.Ordinal)
    {
        ["AssignPrivateIpAddresses"] = NetworkInterfaceActions.Assign,
        ["UnassignPrivateIpAddresses"] = NetworkInterfaceActions.Unassign,
        ["DescribeNetworkInterfaces"] = NetworkInterfaceActions.Describe,
        ["AssociateAddress"] = AddressActions.Associate,
        ["DisassociateAddress"] = AddressActions.Disassociate,
        ["DescribeAddresses"] = AddressActions.Describe,
        ["DescribeInstances"] = InstanceActions.Describe,
        ["DescribeInstanceStatus"] = StatusActions.Describe,
        ["RunInstances"] = InstanceActions.Run,
        ["StartInstances"] = InstanceActions.Change(InstanceOperation.Start),
        ["StopInstances"] = InstanceActions.Change(InstanceOperation.Stop),
        ["TerminateInstances"] = InstanceActions.Change(InstanceOperation.Terminate),
        ["CreateTags"] = InstanceActions.Tag,
    };

    public async Task HandleAsync(HttpContext context)
    {
        var requestId = Guid.NewGuid().ToString();
        if (!context.Request.HasFormContentType)
        {
            await WriteAsync(context, 400, Ec2Xml.Error(Ec2Error.MissingParameter("Action"), requestId));
            return;
        }
        var request = new Ec2Request(await context.Request.ReadFormAsync(context.RequestAborted), Moment.Now(time));
        var hold = region.Holds.Arrive(request.Action);
        // What has arrived is done, whether the caller still listens or not.
        await Task.Delay(region.Settings.BeforeDone(request.Action), time);
        await hold(HoldPoint.Arrival);
        var (outcome, status, answer) = Execute(request, requestId, context.Request.Headers.Authorization.Count > 0);
        await Task.Delay(region.Settings.BeforeAnswer(request.Action), time);
        await hold(HoldPoint.Answer);
        region.Log(new ApiCall(request.Arrived, Moment.Now(time), request.Action, outcome, request.Parameters));
        await WriteAsync(context, status, answer);
    }

    private (string Outcome, int Status, XElement Answer) Execute(Ec2Request request, string requestId, bool signed)
    {
        try
        {
            // ToList: an answer that is put together later might show a later state.
            return ("ok", 200, Ec2Xml.Response(request.Action, requestId, Answer(request, signed).ToList()));
        }
        catch (Ec2Exception refusal)
        {
            return (refusal.Error.Code, refusal.Error.Status, Ec2Xml.Error(refusal.Error, requestId));
        }
    }

    private IEnumerable<XElement> Answer(Ec2Request request, bool signed)
    {
        if (!signed)
            throw new Ec2Exception(new Ec2Error("AuthFailure", "AWS was not able to validate the provided access credentials", 401));
        if (request.Version != ApiVersion)
            throw new Ec2Exception(new Ec2Error("NoSuchVersion", $"The requested version ({request.Version}) of service AmazonEC2 does not exist"));
        if (!Actions.TryGetValue(request.Action, out var action))
            throw new Ec2Exception(new Ec2Error("InvalidAction", $"The action {request.Action} is not valid for this web service."));
        if (region.Settings.ApiDown)
            throw new Ec2Exception(new Ec2Error("ServiceUnavailable", "The request has failed due to a temporary failure of the server.", 503));
        if (!region.Admit(request.Action, request.Unfiltered))
            throw new Ec2Exception(Ec2Error.RequestLimitExceeded);

        var fault = region.Faults.Take(request.Action);
        if (fault is { AfterEffect: false })
            throw new Ec2Exception(new Ec2Error(fault.Code, fault.Message, fault.Status));
        if (request.Flag("DryRun") ?? false)
            throw new Ec2Exception(new Ec2Error("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412));
        var answer = action(request, region);
        return fault is null ? answer : throw new Ec2Exception(new Ec2Error(fault.Code, fault.Message, fault.Status));
    }

    private static async Task WriteAsync(HttpContext context, int status, XElement answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/xml;charset=UTF-8";
        await context.Response.WriteAsync(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + answer.ToString(SaveOptions.DisableFormatting), context.RequestAborted);
    }
}

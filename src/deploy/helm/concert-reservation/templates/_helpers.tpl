{{- define "concert.name" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "concert.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "concert.labels" -}}
{{ include "concert.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* The most nodes that there may be. */}}
{{- define "concert.most" -}}
{{- if .Values.autoscaling.enabled -}}
{{- max (int .Values.replicas) (int .Values.autoscaling.maxReplicas) -}}
{{- else -}}
{{- .Values.replicas -}}
{{- end -}}
{{- end -}}

{{/* Their names, which stay the same when a pod gets another address; those that aren't there are passed over. */}}
{{- define "concert.members" -}}
{{- $name := include "concert.name" . -}}
{{- $members := list -}}
{{- range $number := until (int (include "concert.most" .)) -}}
{{- $members = append $members (printf "%s-%d.%s-members.%s.svc:5701" $name $number $name $.Release.Namespace) -}}
{{- end -}}
{{- join "," $members -}}
{{- end -}}

